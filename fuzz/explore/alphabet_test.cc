// Explorations of what the usual bounds lack: removals of two probes at once, syncs, probes of the user's.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "fuzz/explore/explorer.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/testing/random_protocol.h"

namespace tpfuzz {
namespace {

class AlphabetTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }
  void SetUp() override {
    if (!ScheduledEngine::kCanSave) GTEST_SKIP() << "a sanitizer has books of its own on stacks";
  }
  static Explored explore_named(const std::string& name, const Bounds& bounds, const ExploreOptions& options = {}) {
    auto loaded = load_subject(name);
    return explore(*std::get<std::unique_ptr<Subject>>(loaded), bounds, options);
  }

  // Remembering states changes no verdict, under random protocols.
  static void expect_what_each_says(std::uint64_t seed, const Bounds& bounds, PointSet stops) {
    Random random(seed);
    int broken = 0;
    for (int i = 0; i < 60; ++i) {
      const auto protocol =
          std::get<tp::Protocol>(tp::parse_protocol(random_protocol(random, fmt::format("random-{}", i))));
      const auto subject = core_subject(protocol);
      const Explored remembered = explore(*subject, bounds, {.stops = stops});
      const Explored each = explore(*subject, bounds, {.stops = stops, .remembers = false});
      ASSERT_EQ(remembered.broken, each.broken) << protocol.name;
      ASSERT_EQ(remembered.operations, each.operations) << protocol.name;
      broken += each.broken;
    }
    EXPECT_GT(broken, 5);
    EXPECT_LT(broken, 55);
  }
};

TEST_F(AlphabetTest, CorrectProtocolsAreCleanWithBatches) {
  for (const char* name : {"231264d", "cookies", "worker", "iterator"}) {
    const Bounds bounds{.operations = {}, .probes = 2, .batches = true};
    const Explored with = explore_named(name, bounds);
    EXPECT_TRUE(with.complete) << name;
    Bounds others = bounds;
    others.batches = false;
    EXPECT_GT(with.steps, explore_named(name, others).steps) << name;
  }
  EXPECT_TRUE(explore_named("cookies", {.operations = 3, .probes = 1, .tracepoints = 2, .batches = true}).complete);
}

// Without a batch nothing is wrong.
TEST_F(AlphabetTest, MistakesOfBatchesNeedBatches) {
  struct Mistaken {
    const char* puzzle;
    int operations;
    Bounds bounds;
  };
  for (const Mistaken& its :
       {Mistaken{"batch-removes-one", 2, {.operations = 3, .probes = 2}},
        Mistaken{"batch-forgets-tracepoint", 3, {.operations = 3, .probes = 1, .tracepoints = 2}}}) {
    Bounds bounds = its.bounds;
    EXPECT_TRUE(explore_named(its.puzzle, bounds).complete) << its.puzzle;
    bounds.batches = true;
    const Explored found = explore_named(its.puzzle, bounds);
    EXPECT_TRUE(found.broken) << its.puzzle;
    EXPECT_EQ(found.operations, its.operations) << its.puzzle;
    EXPECT_TRUE(found.counterexample) << its.puzzle;
  }
}

TEST_F(AlphabetTest, SaysOfBatchesWhatEachScheduleByItselfSays) {
  constexpr PointSet kStops = bit(tp::Point::publish) | bit(tp::Point::trapped) | bit(tp::Point::loaded);
  expect_what_each_says(21, {.operations = 2, .probes = 1, .tracepoints = 2, .batches = true}, kStops);
}

TEST_F(AlphabetTest, ChecksItselfWithBatchesAndSyncs) {
  const Explored explored =
      explore_named("cookies", {.operations = 3, .probes = 2, .syncs = true, .batches = true}, {.checks_itself = true});
  EXPECT_GT(explored.compared, 100U);
  EXPECT_EQ(explored.unlike, 0U);
}

TEST_F(AlphabetTest, SyncsAreExplored) {
  EXPECT_TRUE(explore_named("cookies", {.operations = 4, .probes = 2, .syncs = true}).complete);
  const Bounds without{.operations = 3, .probes = 1};
  Bounds with = without;
  with.syncs = true;
  EXPECT_TRUE(explore_named("sync-without-wait", without).complete);
  EXPECT_TRUE(explore_named("sync-without-wait", with).broken);
}

// The usual ones differ in the lower bits of their priorities already.
TEST_F(AlphabetTest, ProbesOfTheUsersAreExplored) {
  const auto text = parse_text("tpfuzz 1\nprobe low func=0 data=0 prio=10\nprobe high func=1 data=1 prio=257\n");
  const ProbeSet apart = probes_of(std::get<Sequence>(text));
  ASSERT_EQ(apart.size, 2);
  EXPECT_TRUE(explore_named("priority-truncated", {.operations = 2, .probes = 2}).complete);
  const Explored found = explore_named("priority-truncated", {.operations = 2, .probes = 2, .set = &apart});
  ASSERT_TRUE(found.counterexample);
  EXPECT_NE(to_text(*found.counterexample).find("probe high "), std::string::npos);
}

// Between two accesses of one step a mistake shows that no other stop lets see.
TEST_F(AlphabetTest, AccessesMayBeStops) {
  const auto read = [](const std::string& name) {
    std::ifstream file(std::string(TPFUZZ_SOURCE_DIR) + "/corpus/reports/17-lost-decrement/" + name);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const auto sequence = std::get<Sequence>(parse_text(read("finding.seq")));
  for (const bool broken : {true, false}) {
    const auto subject =
        core_subject(std::get<tp::Protocol>(tp::parse_protocol(read(broken ? "broken.protocol" : "fixed.protocol"))));
    EXPECT_TRUE(explore(*subject, sequence).complete);
    const Explored explored = explore(*subject, sequence, {.stops = kEveryPoint});
    EXPECT_EQ(explored.broken, broken);
    EXPECT_EQ(explored.complete, !broken);
    if (!broken) continue;
    ASSERT_TRUE(explored.counterexample);
    Executor executor(*subject);
    EXPECT_TRUE(executor.run(*explored.counterexample).verdict) << to_text(*explored.counterexample);
  }
}

TEST_F(AlphabetTest, CorrectProtocolsAreCleanWithStopsAtAccesses) {
  for (const char* name : {"231264d", "cookies", "worker", "iterator"}) {
    const Bounds bounds{.operations = 3, .probes = 2};
    const Explored explored = explore_named(name, bounds, {.stops = kEveryPoint});
    EXPECT_TRUE(explored.complete) << name;
    EXPECT_GT(explored.states, 2 * explore_named(name, bounds).states) << name;
  }
  const Explored checked =
      explore_named("cookies", {.operations = 2, .probes = 2}, {.stops = kEveryPoint, .checks_itself = true});
  EXPECT_GT(checked.compared, 100U);
  EXPECT_EQ(checked.unlike, 0U);
}

// What protocol files say needs no other stops.
TEST_F(AlphabetTest, VisibleStopsSayWhatAllStopsSay) {
  Random random(23);
  int broken = 0;
  for (int i = 0; i < 200; ++i) {
    const auto protocol =
        std::get<tp::Protocol>(tp::parse_protocol(random_protocol(random, fmt::format("random-{}", i))));
    const auto subject = core_subject(protocol);
    const Bounds bounds{.operations = 3, .probes = 2};
    const Explored all = explore(*subject, bounds);
    const Explored visible = explore(*subject, bounds, {.stops = kVisiblePoints});
    ASSERT_EQ(visible.broken, all.broken) << protocol.name;
    ASSERT_EQ(visible.operations, all.operations) << protocol.name;
    if (!all.broken) ASSERT_LT(visible.steps, all.steps) << protocol.name;
    broken += all.broken;
  }
  EXPECT_GT(broken, 20);
  EXPECT_LT(broken, 195);
}

TEST_F(AlphabetTest, SaysAtAccessesWhatEachScheduleByItselfSays) {
  constexpr PointSet kStops = bit(tp::Point::store_funcs) | bit(tp::Point::load_funcs) | bit(tp::Point::load_entry);
  expect_what_each_says(22, {.operations = 2, .probes = 1}, kStops);
}

}  // namespace
}  // namespace tpfuzz
