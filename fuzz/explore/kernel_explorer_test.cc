// Exhaustive exploration of a kernel tree: what it says of the miniature, right and with each mistake, is what trying
// each schedule by itself says; and each mistake that its bounds can show is found with as few operations as there can
// be.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fuzz/explore/explorer.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/kernel/testing/trees.h"

namespace tpfuzz {
namespace {

using kernel::testing::miniature;
using kernel::testing::Scratch;

class KernelExplorerTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!ScheduledEngine::kCanSave) GTEST_SKIP() << "a sanitizer has books of its own on stacks";
  }
};

std::unique_ptr<Subject> subject_of(const std::string& name) {
  if (const auto refused = prepare()) ADD_FAILURE() << *refused;
  auto loaded = load_subject(name);
  if (const auto* why = std::get_if<Error>(&loaded)) {
    ADD_FAILURE() << to_line(*why);
    return nullptr;
  }
  return std::get<std::unique_ptr<Subject>>(std::move(loaded));
}

// After how many operations a mistake shows; nothing: not at all.
struct Mistake {
  const char* name;
  std::optional<int> ordinary;   // of up to 4 operations, or 5
  std::optional<int> faultable;  // of up to 4, with faultable readers
  std::optional<int> failing;    // of up to 3 operations, with allocations that fail
};

constexpr Mistake kMistakes[] = {
    {"none", {}, {}, {}},
    {"no_wait_0_1", 3, 3, 3},
    {"no_wait_2_1", 3, 3, 3},
    {"no_cookie_1_0", 3, 3, 3},
    {"no_cookie_1_2", 3, 3, 3},
    {"no_cookie_more", 5, {}, {}},
    {"no_cookie_fewer", 5, {}, {}},
    {"no_cookie_2_1", 3, 3, 3},
    {"compares_functions", 3, 3, 3},
    {"cookie_forgets_faultable", {}, 3, {}},
    {"publishes_before_the_call_0_1", {}, {}, {}},
    {"publishes_before_the_call_1_2", 2, 2, 2},
    {"calls_before_it_publishes_2_1", 3, 3, 3},
    {"publishes_without_a_macro", {}, {}, {}},
    {"enables_first", {}, {}, {}},
    {"never_enables", 1, 1, 1},
    {"leaves_the_key", 2, 2, 2},
    {"iterator_trusts", 2, 2, 2},
    {"frees_at_once", 2, 2, 2},
    {"frees_twice", 2, 2, 2},
    {"frees_by_the_wrong_domain", {}, 2, {}},
    {"releases_before_it_publishes", 2, 2, 2},
    {"leaks", 2, 2, 2},
    {"leaves_no_stub", {}, {}, 3},
    {"leaves_it_enabled", {}, {}, 1},
    {"never_disables_the_hook", 2, 2, 2},
    {"adds_twice", 2, 2, 2},
    {"forgets_priorities", 2, 2, 2},
    {"removes_without_the_mutex", 2, 2, 2},
    {"sync_forgets_ordinary", {}, {}, {}},
    {"sync_forgets_faultable", {}, {}, {}},
    {"warns_2_1", 3, 3, 3},
    {"frees_without_srcu", {}, 2, {}},
};

class KernelMistakeExplorerTest : public KernelExplorerTest, public testing::WithParamInterface<Mistake> {};

TEST_P(KernelMistakeExplorerTest, IsFoundWithAsFewOperationsAsThereCanBe) {
  const auto& [name, ordinary, faultable, failing] = GetParam();
  const Scratch scratch;
  const auto subject = subject_of("kernel:" + scratch.tree("tree", name));
  ASSERT_NE(subject, nullptr);
  const auto expect = [&](const Bounds& bounds, std::optional<int> operations) {
    const Explored explored = explore(*subject, bounds);
    ASSERT_EQ(explored.broken, operations.has_value()) << words(bounds);
    EXPECT_NE(explored.complete, explored.broken);
    if (!explored.broken) return;
    EXPECT_EQ(explored.operations, *operations) << words(bounds);
    ASSERT_TRUE(explored.counterexample);
    EXPECT_TRUE(Executor(*subject).run(*explored.counterexample).verdict) << to_text(*explored.counterexample);
  };
  expect({.operations = std::max(4, ordinary.value_or(0))}, ordinary);
  expect({.operations = 4, .faultable = true}, faultable);
  expect({.operations = 3, .failing = true}, failing);
}

// With fewer stops, as there are too many schedules otherwise.
TEST_P(KernelMistakeExplorerTest, IsWhatEachScheduleByItselfSays) {
  constexpr PointSet kStops = bit(tp::Point::begun) | bit(tp::Point::publish) | bit(tp::Point::loaded);
  const Scratch scratch;
  const auto subject = subject_of("kernel:" + scratch.tree("tree", GetParam().name));
  ASSERT_NE(subject, nullptr);
  for (const Bounds& bounds :
       {Bounds{.operations = 3}, Bounds{.operations = 3, .faultable = true}, Bounds{.operations = 2, .failing = true},
        Bounds{.operations = 2, .writers = 2, .probes = 2}})
    for (int i = 0; i < kInvariants; ++i) {
      const auto only = static_cast<Invariant>(i);
      const Explored remembered = explore(*subject, bounds, {.only = only, .stops = kStops});
      const Explored each = explore(*subject, bounds, {.only = only, .stops = kStops, .remembers = false});
      ASSERT_EQ(remembered.broken, each.broken) << words(bounds) << " " << tpfuzz::name(only);
      if (each.broken)  // a closed set of states may be met with fewer operations than there are
        ASSERT_EQ(remembered.operations, each.operations) << words(bounds) << " " << tpfuzz::name(only);
      ASSERT_LE(remembered.steps, each.steps);
    }
}

INSTANTIATE_TEST_SUITE_P(All, KernelMistakeExplorerTest, testing::ValuesIn(kMistakes),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_F(KernelExplorerTest, TellsTheSameTwice) {
  const auto subject = subject_of("kernel:" + miniature());
  ASSERT_NE(subject, nullptr);
  const Explored one = explore(*subject, Bounds{.operations = 3, .faultable = true});
  Executor(*subject).run(std::get<Sequence>(parse_text("tpfuzz 1\nprobe a func=0 data=0\nw0 register a\nr0 hit\n")));
  const Explored other = explore(*subject, Bounds{.operations = 3, .faultable = true});
  EXPECT_TRUE(one.complete);
  EXPECT_EQ(one.states, other.states);
  EXPECT_EQ(one.steps, other.steps);
}

// Cookies, sections and blocks have numbers that only grow: the states are finite all the same, where no reader holds
// up what call_rcu has queued.
TEST_F(KernelExplorerTest, SequencesOfAnyLengthAreClean) {
  const auto subject = subject_of("kernel:" + miniature());
  ASSERT_NE(subject, nullptr);
  for (const Bounds& bounds :
       {Bounds{.operations = {}, .readers = 0, .probes = 2}, Bounds{.operations = {}, .probes = 1},
        Bounds{.operations = {}, .probes = 1, .faultable = true}}) {
    const Explored explored = explore(*subject, bounds);
    EXPECT_TRUE(explored.complete) << words(bounds);
    EXPECT_GT(explored.operations, 4) << words(bounds);
  }
}

// What a subject lacks is left out of a sequence.
TEST_F(KernelExplorerTest, ASequenceWithoutWhatATreeLacks) {
  const auto subject = subject_of("kernel:" + miniature());
  ASSERT_NE(subject, nullptr);
  const auto sequence = std::get<Sequence>(
      parse_text("tpfuzz 1\nprobe a func=0 data=0\nprobe b func=1 data=1\n"
                 "w0 register a\nw0 register a tp=1\nw0 register b\nr0 hit\nw0 unregister a,b tp=0, a tp=1\n"));
  const Explored explored = explore(*subject, sequence);
  EXPECT_TRUE(explored.complete);
  EXPECT_EQ(explored.operations, 4);
}

}  // namespace
}  // namespace tpfuzz
