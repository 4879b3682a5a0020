#include "repro/check/explorations.h"

#include <gtest/gtest.h>

#include "fuzz/execute.h"
#include "fuzz/subject/core_subject.h"

namespace tpfuzz {
namespace {

Exploration ended(std::optional<int> operations, bool complete, int begun) {
  Exploration exploration;
  exploration.bounds.operations = operations;
  exploration.explored.complete = complete;
  exploration.explored.operations = begun;
  return exploration;
}

TEST(Explorations, WhatIsCoveredCameToItsEnd) {
  EXPECT_EQ(ended(std::nullopt, true, 9).covered()->operations, std::nullopt);
  EXPECT_EQ(ended(std::nullopt, false, 4).covered()->operations, 3) << "the fourth did not end";
  EXPECT_EQ(ended(std::nullopt, false, 1).covered(), std::nullopt);
  Exploration broken = ended(std::nullopt, false, 4);
  broken.explored.broken = true;
  EXPECT_EQ(broken.covered(), std::nullopt);
  Exploration not_run = ended(std::nullopt, true, 9);
  not_run.not_run = "interrupted";
  EXPECT_EQ(not_run.covered(), std::nullopt);
}

// Only counts end it: the operations that have to come to an end, the states after that, and the states at most.
TEST(Explorations, EndAtTheirNumberOfStates) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto subject = core_subject(tp::shipped_protocol("cookies"));
  if (obstacle(*subject, tp::shipped_protocol("cookies")) == Obstacle::sanitizer) GTEST_SKIP();
  const auto goes_on = [](const Explored&) { return true; };
  const Bounds bounds{.operations = std::nullopt};
  const Exploration late = explore_plan(*subject, {"", bounds, 1000, 3, 1'000'000}, goes_on);
  EXPECT_FALSE(late.explored.complete);
  EXPECT_EQ(late.covered()->operations, 3);
  const Exploration early = explore_plan(*subject, {"", bounds, 1000, 5, 2000}, goes_on);
  EXPECT_LT(early.explored.states, 4000U);
  EXPECT_LT(early.explored.operations, 5);
}

TEST(Explorations, TheFirstIsTheMainOne) {
  const auto plans = exploration_plans();
  EXPECT_EQ(plans.front().operations, kMainOperations);
  EXPECT_STREQ(plans.front().label, "");
  for (const ExplorationPlan& plan : plans.subspan(1)) EXPECT_STRNE(plan.label, "");
}

}  // namespace
}  // namespace tpfuzz
