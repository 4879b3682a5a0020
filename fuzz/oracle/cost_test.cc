#include "fuzz/oracle/cost.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fuzz/execute.h"
#include "fuzz/oracle/testing/story.h"
#include "fuzz/subject/core_subject.h"

namespace tpfuzz {
namespace {

using tp::Transition;

class CostTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }

  void run(std::string_view protocol, const std::string& lines) {
    const auto subject = core_subject(tp::shipped_protocol(protocol));
    Executor executor(*subject);
    const Sequence sequence = sequence_of(lines);
    const Execution execution = executor.run(sequence);
    ASSERT_FALSE(execution.verdict) << verdict_line(execution.verdict, protocol);
    cost_ = cost_of(sequence, execution.trace, subject->rules());
    waits_ = std::ranges::count(execution.trace.events(), Event::Kind::waits, &Event::kind);
  }
  TransitionCost of(Transition transition) const { return cost_[static_cast<std::size_t>(transition)]; }

  Cost cost_{};
  std::ptrdiff_t waits_ = 0;  ///< for whatever
};

TEST_F(CostTest, EachTransitionPaysForItsOwnSteps) {
  run("cookies", "w0 register a\nw0 register b\nw0 register c\nw0 unregister b\nw0 unregister c\nw0 unregister a\n");
  EXPECT_EQ(of(Transition::add_first), (TransitionCost{.times = 1, .patches = 2}));
  EXPECT_EQ(of(Transition::add_second), (TransitionCost{.times = 1, .cookies = 1, .patches = 1}));
  EXPECT_EQ(of(Transition::add_more), (TransitionCost{.times = 1}));
  EXPECT_EQ(of(Transition::remove_to_more), (TransitionCost{.times = 1, .cookies = 1}));
  EXPECT_EQ(of(Transition::remove_to_one), (TransitionCost{.times = 1, .patches = 1}));
  EXPECT_EQ(of(Transition::remove_last), (TransitionCost{.times = 1, .cookies = 1, .patches = 2}));
}

// 1->2->1 with a probe that goes in front of the first one, or behind it: cookies wait, and count, only in front.
struct OneTwoOne {
  const char* protocol;
  const char* second;
  TransitionCost adds;
  TransitionCost removes;
};
constexpr OneTwoOne kOneTwoOne[] = {
    {"cookies", "b", {1, 0, 1, 1}, {1, 1, 1, 1}},
    {"cookies", "c", {1, 0, 0, 1}, {1, 0, 0, 1}},
    {"231264d", "b", {1, 0, 0, 1}, {1, 1, 0, 1}},
    {"231264d", "c", {1, 0, 0, 1}, {1, 1, 0, 1}},
};

TEST_F(CostTest, ADelayedReaderIsWaitedForOnceIfAtAll) {
  for (const auto& [protocol, second, adds, removes] : kOneTwoOne) {
    SCOPED_TRACE(std::string(protocol) + " " + second);
    run(protocol,
        std::string("w0 register a\nr0 hit park@loaded 2\nw0 register ") + second + "\nw0 unregister " + second + "\n");
    EXPECT_EQ(of(Transition::add_second), adds);
    EXPECT_EQ(of(Transition::remove_to_one), removes);
  }
}

TEST_F(CostTest, AWaitThatCanEndAtOnceCostsNothing) {
  for (const auto& [protocol, second, adds, removes] : kOneTwoOne) {
    SCOPED_TRACE(std::string(protocol) + " " + second);
    run(protocol, std::string("w0 register a\nr0 hit\nw0 register ") + second + "\nw0 unregister " + second + "\n");
    TransitionCost without_wait = removes;
    without_wait.grace_periods = 0;
    EXPECT_EQ(of(Transition::add_second), adds);
    EXPECT_EQ(of(Transition::remove_to_one), without_wait);
  }
}

TEST_F(CostTest, AWaitForTheWorkerIsOneForReadersAndTheWorkersOwnIsNot) {
  run("worker", "w0 register a\nr0 hit park@loaded 9\nw0 unregister a\nw0 register b\n");
  EXPECT_EQ(waits_, 2) << "w0's and k0's";
  EXPECT_EQ(of(Transition::remove_last), (TransitionCost{.times = 1, .patches = 1}));
  EXPECT_EQ(of(Transition::add_first), (TransitionCost{.times = 2, .grace_periods = 1, .patches = 4}));
}

TEST_F(CostTest, AWaitForTheMutexOrOfASyncIsNoTransitions) {
  run("cookies", "w0 register a park@publish 1\nw1 register c\nr0 hit\nr1 hit park@loaded 9\nw0 sync\n");
  EXPECT_EQ(waits_, 2) << "one of each";
  EXPECT_EQ(of(Transition::add_first), (TransitionCost{.times = 1, .patches = 2}));
  EXPECT_EQ(of(Transition::add_second), (TransitionCost{.times = 1, .patches = 1}));
}

TEST_F(CostTest, WhatMakesNoTransitionCostsNothing) {
  run("cookies", "w0 register a fail=1\nw0 register a hook=fail\nw0 unregister a\nr0 hit\nw0 sync\n");
  EXPECT_EQ(cost_, Cost{});
  run("cookies", "w0 register a\nw0 register b\nw0 unregister b fail=1\n");
  EXPECT_EQ(of(Transition::remove_to_one), TransitionCost{}) << "a stub";
}

TEST_F(CostTest, OperationsOfAllTracepointsAndWritersAddUp) {
  run("cookies", "w0 register a\nw1 register b tp=1\nw0 unregister a\nw1 unregister b tp=1\n");
  EXPECT_EQ(of(Transition::add_first), (TransitionCost{.times = 2, .patches = 4}));
  EXPECT_EQ(of(Transition::remove_last), (TransitionCost{.times = 2, .cookies = 2, .patches = 4}));
}

// A removal without memory leaves two probes under c8b186a, one and a stub under befe6d9.
TEST_F(CostTest, TransitionsAreTheSubjects) {
  const std::string lines = "w0 register a\nw0 register b\nw0 unregister b fail=1\nw0 register c\n";
  run("c8b186a", lines);
  EXPECT_EQ(of(Transition::add_second).times, 1U);
  EXPECT_EQ(of(Transition::add_more).times, 1U);
  run("befe6d9", lines);
  EXPECT_EQ(of(Transition::add_second).times, 2U);
  EXPECT_EQ(of(Transition::add_more).times, 0U);
}

}  // namespace
}  // namespace tpfuzz
