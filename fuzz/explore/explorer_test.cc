// Exhaustive exploration: what it says is what trying each schedule by itself says, and what the protocols are known to
// be.
#include "fuzz/explore/explorer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/testing/random_protocol.h"

namespace tpfuzz {
namespace {

class ExplorerTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }
  void SetUp() override {
    if (!ScheduledEngine::kCanSave) GTEST_SKIP() << "a sanitizer has books of its own on stacks";
  }

  static Explored explore_protocol(const tp::Protocol& protocol, const Bounds& bounds,
                                   const ExploreOptions& options = {}) {
    const auto subject = core_subject(protocol);
    return explore(*subject, bounds, options);
  }
  static Explored explore_shipped(const std::string& name, const Bounds& bounds) {
    return explore_protocol(tp::shipped_protocol(name), bounds);
  }

  // The counterexample is an ordinary sequence, with as many changes, which the ordinary engine finds broken.
  static void expect_found(const std::string& name, const Bounds& bounds, int operations) {
    const auto subject = core_subject(tp::shipped_protocol(name));
    const Explored explored = explore(*subject, bounds);
    ASSERT_TRUE(explored.broken) << name;
    EXPECT_FALSE(explored.complete);
    EXPECT_EQ(explored.operations, operations) << name;
    ASSERT_TRUE(explored.counterexample);
    Executor executor(*subject);
    const Verdict verdict = executor.run(*explored.counterexample).verdict;
    ASSERT_TRUE(verdict) << to_text(*explored.counterexample);
    EXPECT_TRUE(verdict->invariant == Invariant::pairing || verdict->invariant == Invariant::snapshot);
  }
};

// The shortest counterexamples that are known, from model and prototype.
TEST_F(ExplorerTest, FindsTheShortestCounterexamples) {
  expect_found("547305a", {.operations = 5}, 2);
  expect_found("c8b186a", {.operations = 5}, 2);
  expect_found("352384d", {.operations = 5}, 3);
  expect_found("f7ec412", {.operations = 5}, 3);
  expect_found("worker-sketch", {.operations = 5}, 3);
  expect_found("cookies", {.operations = 5, .faultable = true}, 3);
}

// What is found with a bound is found without one, and as short.
TEST_F(ExplorerTest, FindsThemAmongSequencesOfAnyLength) {
  expect_found("352384d", {.operations = {}}, 3);
  expect_found("worker-sketch", {.operations = {}}, 3);
}

TEST_F(ExplorerTest, FindsOnlyWhatItIsAskedFor) {
  const auto subject = core_subject(tp::shipped_protocol("547305a"));
  const Explored explored = explore(*subject, Bounds{.operations = 4}, {.only = Invariant::fault});
  ASSERT_TRUE(explored.counterexample);
  Executor executor(*subject);
  EXPECT_EQ(executor.run(*explored.counterexample).verdict->invariant, Invariant::fault);
  EXPECT_TRUE(
      explore_protocol(tp::shipped_protocol("547305a"), {.operations = 2}, {.only = Invariant::hooks}).complete);
}

TEST_F(ExplorerTest, CorrectProtocolsAreClean) {
  for (const char* name : {"231264d", "cookies", "worker", "iterator", "cookies-own"}) {
    const Explored explored = explore_shipped(name, {.operations = 4});
    EXPECT_TRUE(explored.complete) << name;
    EXPECT_FALSE(explored.broken) << name;
    EXPECT_GT(explored.states, 10'000U) << name;
  }
  EXPECT_TRUE(explore_shipped("cookies-own", {.operations = 4, .faultable = true}).complete);
}

// What the author of a shipped protocol says is what every schedule says.
TEST_F(ExplorerTest, EveryShippedProtocolIsWhatItSays) {
  for (const auto& [name, text] : tp::shipped_protocols()) {
    const tp::Protocol protocol = tp::shipped_protocol(name);
    for (const bool faultable : {false, true}) {
      const Explored explored = explore_protocol(protocol, {.operations = 3, .faultable = faultable});
      const auto said = faultable ? protocol.faultable : protocol.status;
      EXPECT_EQ(explored.broken, said == tp::Protocol::Status::broken) << name << faultable;
      EXPECT_EQ(explored.complete, said == tp::Protocol::Status::correct) << name << faultable;
    }
  }
}

// The set of states is closed: sequences of any length are clean.
TEST_F(ExplorerTest, SequencesOfAnyLengthAreClean) {
  for (const char* name : {"231264d", "cookies", "worker", "iterator"}) {
    const Explored explored = explore_shipped(name, {.operations = {}, .probes = 2});
    EXPECT_TRUE(explored.complete) << name;
    EXPECT_GT(explored.operations, 4) << name;
    EXPECT_TRUE(explore_shipped(name, {.operations = {}, .hits = {}, .probes = 2}).complete) << name;
  }
}

// Remembering states loses no violation, and finds it with as few operations. With fewer stops, as there are too many
// schedules otherwise.
TEST_F(ExplorerTest, SaysWhatEachScheduleByItselfSays) {
  constexpr PointSet kStops =
      bit(tp::Point::begun) | bit(tp::Point::publish) | bit(tp::Point::trapped) | bit(tp::Point::loaded);
  Random random(18);
  int broken = 0;
  for (int i = 0; i < 200; ++i) {
    const auto protocol =
        std::get<tp::Protocol>(tp::parse_protocol(random_protocol(random, fmt::format("random-{}", i))));
    for (const Bounds& bounds : {Bounds{.operations = 2, .probes = 2}, Bounds{.operations = 3, .probes = 1}}) {
      const Explored remembered = explore_protocol(protocol, bounds, {.stops = kStops});
      const Explored each = explore_protocol(protocol, bounds, {.stops = kStops, .remembers = false});
      ASSERT_EQ(remembered.broken, each.broken) << protocol.name;
      ASSERT_EQ(remembered.operations, each.operations) << protocol.name;
      ASSERT_LE(remembered.steps, each.steps);
      broken += each.broken;
    }
  }
  EXPECT_GT(broken, 20);
  EXPECT_LT(broken, 380);
}

// What follows on a state that is met again is what followed the first time.
TEST_F(ExplorerTest, ChecksItself) {
  for (const char* name : {"cookies", "worker", "iterator", "352384d"}) {
    const Explored explored =
        explore_protocol(tp::shipped_protocol(name), {.operations = 3, .probes = 2}, {.checks_itself = true});
    EXPECT_GT(explored.compared, 100U) << name;
    EXPECT_EQ(explored.unlike, 0U) << name;
  }
}

// A digest that leaves something out is noticed, though no violation may be lost by it. Not in this list is what says a
// second time what other parts say: without one of those nothing is mistaken.
TEST_F(ExplorerTest, NoticesWhatADigestLeavesOut) {
  struct Missing {
    DigestPart part;
    const char* protocol;
    int operations;
  };
  for (const Missing& missing : {Missing{DigestPart::cookies, "cookies", 3},
                                 {DigestPart::worker, "worker", 2},
                                 {DigestPart::stacks, "iterator", 2},
                                 {DigestPart::blocks, "cookies", 3},
                                 {DigestPart::begun, "cookies", 2}}) {
    const Bounds bounds{.operations = missing.operations, .probes = 2};
    const auto protocol = tp::shipped_protocol(missing.protocol);
    EXPECT_EQ(explore_protocol(protocol, bounds, {.checks_itself = true}).unlike, 0U);
    EXPECT_NE(explore_protocol(protocol, bounds, {.checks_itself = true, .without = missing.part}).unlike, 0U)
        << static_cast<int>(missing.part);
  }
}

TEST_F(ExplorerTest, TellsTheSameTwice) {
  const Explored one = explore_shipped("cookies", {.operations = 3});
  const Explored other = explore_shipped("cookies", {.operations = 3});
  EXPECT_EQ(one.states, other.states);
  EXPECT_EQ(one.steps, other.steps);
}

// Where the memory of an exploration lies changes nothing. Others, which come and go, move that memory.
TEST_F(ExplorerTest, TellsTheSameWhereverItsMemoryLies) {
  const tp::Protocol protocol = tp::shipped_protocol("cookies");
  const Bounds bounds{.operations = 3, .probes = 2};
  const Explored first = explore_protocol(protocol, bounds, {.stops = kEveryPoint});
  std::vector<std::unique_ptr<char[]>> kept;
  for (std::size_t i = 1; i <= 40; ++i) {
    kept.push_back(std::make_unique<char[]>(48 * i));
    explore_protocol(protocol, {.operations = 1, .probes = 2}, {.stops = kEveryPoint});
  }
  const Explored last = explore_protocol(protocol, bounds, {.stops = kEveryPoint});
  EXPECT_EQ(last.states, first.states);
  EXPECT_EQ(last.steps, first.steps);
}

// Which process takes a step changes nothing.
TEST_F(ExplorerTest, TellsTheSameWithSeveralProcesses) {
  struct Case {
    const char* protocol;
    Bounds bounds;
    PointSet stops = Stepper::kNamedPoints;
    std::optional<Invariant> only{};
  };
  for (const Case& its : {Case{"cookies", {.operations = 4}},
                          {"cookies", {.operations = 3, .probes = 2}, kEveryPoint},
                          {"cookies", {.operations = 3, .probes = 2, .failing = true, .syncs = true, .batches = true}},
                          {"cookies", {.operations = 4, .faultable = true}},
                          {"worker", {.operations = 3, .writers = 2, .probes = 2}},
                          {"iterator", {.operations = {}, .probes = 2}},
                          {"231264d", {.operations = 2, .probes = 2, .tracepoints = 2}},
                          {"352384d", {.operations = 5, .probes = 4}},
                          {"547305a", {.operations = 4}, Stepper::kNamedPoints, Invariant::fault}}) {
    const tp::Protocol protocol = tp::shipped_protocol(its.protocol);
    const Explored alone = explore_protocol(protocol, its.bounds, {.only = its.only, .stops = its.stops});
    for (const int jobs : {2, 4}) {
      const Explored together =
          explore_protocol(protocol, its.bounds, {.only = its.only, .stops = its.stops, .jobs = jobs});
      EXPECT_EQ(together.states, alone.states) << its.protocol;
      EXPECT_EQ(together.steps, alone.steps) << its.protocol;
      EXPECT_EQ(together.operations, alone.operations) << its.protocol;
      EXPECT_EQ(together.complete, alone.complete) << its.protocol;
      EXPECT_EQ(together.counterexample, alone.counterexample) << its.protocol;
    }
  }
}

// The ways through the states are as many as the schedules that are tried each by itself.
TEST_F(ExplorerTest, CountsTheExecutionsOfAnEnumeration) {
  constexpr PointSet kStops = bit(tp::Point::begun) | bit(tp::Point::publish) | bit(tp::Point::loaded);
  for (const char* name : {"cookies", "worker", "iterator"})
    for (const Bounds& bounds : {Bounds{.operations = 2, .probes = 2}, Bounds{.operations = 3, .probes = 1}}) {
      Executions remembered(bounds.operations), each(bounds.operations);
      explore_protocol(tp::shipped_protocol(name), bounds, {.stops = kStops, .executions = &remembered});
      explore_protocol(tp::shipped_protocol(name), bounds, {.stops = kStops, .remembers = false, .executions = &each});
      EXPECT_EQ(remembered.count(), each.count()) << name;
      EXPECT_GT(each.count(), 10) << name;
    }
}

// An exploration that is stopped, and goes on from its checkpoint with a subject of its own, ends as one that is not
// stopped: also if that happens again and again.
TEST_F(ExplorerTest, GoesOnFromACheckpoint) {
  struct Case {
    const char* protocol;
    Bounds bounds;
    std::optional<Invariant> only{};
  };
  for (const Case& its : {Case{"cookies", {.operations = 4, .probes = 2}},
                          {"352384d", {.operations = 5, .probes = 4}},
                          {"547305a", {.operations = 4}, Invariant::fault},
                          {"worker", {.operations = 3, .writers = 2, .probes = 2}},
                          {"iterator", {.operations = {}, .probes = 2}}}) {
    const tp::Protocol protocol = tp::shipped_protocol(its.protocol);
    const Explored whole = explore_protocol(protocol, its.bounds, {.only = its.only});
    for (const int parts : {2, 5}) {
      const int reports = static_cast<int>(whole.states / 1024) / parts;
      std::optional<Checkpoint> kept;
      Explored explored;
      int stops = -1;
      do {
        const std::optional<Checkpoint> from = std::exchange(kept, std::nullopt);
        int left = reports;
        const auto is_new = [&](const Explored& now) { return !from || now.states > from->links.size(); };
        explored = explore_protocol(protocol, its.bounds,
                                    {.only = its.only,
                                     .progress = [&](const Explored& now) { return !is_new(now) || --left > 0; },
                                     .wants_checkpoint = [&] { return left == 0; },
                                     .keep = [&](const Checkpoint& checkpoint) { kept = checkpoint; },
                                     .from = from ? &*from : nullptr});
        ASSERT_FALSE(explored.strayed) << its.protocol;
        ++stops;
      } while (kept);
      EXPECT_GT(stops, 0) << its.protocol;
      EXPECT_EQ(explored.states, whole.states) << its.protocol;
      EXPECT_EQ(explored.steps, whole.steps) << its.protocol;
      EXPECT_EQ(explored.operations, whole.operations) << its.protocol;
      EXPECT_EQ(explored.complete, whole.complete) << its.protocol;
      EXPECT_EQ(explored.counterexample, whole.counterexample) << its.protocol;
    }
  }
}

// A checkpoint of something else does not go unnoticed.
TEST_F(ExplorerTest, NoticesACheckpointOfAnotherExploration) {
  std::optional<Checkpoint> kept;
  explore_protocol(tp::shipped_protocol("352384d"), {.operations = 5},
                   {.progress = [](const Explored&) { return false; },
                    .wants_checkpoint = [] { return true; },
                    .keep = [&](const Checkpoint& checkpoint) { kept = checkpoint; }});
  ASSERT_TRUE(kept);
  for (const char* other : {"cookies", "iterator"}) {
    const Explored explored = explore_protocol(tp::shipped_protocol(other), {.operations = 5}, {.from = &*kept});
    EXPECT_TRUE(explored.strayed) << other;
    EXPECT_FALSE(explored.complete) << other;
  }
}

TEST_F(ExplorerTest, ExploresOneSequence) {
  const auto sequence =
      std::get<Sequence>(parse_text("tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n"
                                    "w0 register a\nr0 hit\nw0 unregister a\nw0 register b\n"));
  const auto broken = core_subject(tp::shipped_protocol("352384d"));
  const Explored found = explore(*broken, sequence);
  ASSERT_TRUE(found.counterexample);
  EXPECT_LE(found.counterexample->operations.size(), sequence.operations.size());
  const auto correct = core_subject(tp::shipped_protocol("cookies"));
  const Explored clean = explore(*correct, sequence);
  EXPECT_TRUE(clean.complete);
  EXPECT_EQ(clean.operations, 3);
}

TEST_F(ExplorerTest, StopsWhenItIsTold) {
  const Explored stopped = explore_protocol(tp::shipped_protocol("cookies"), {.operations = 5},
                                            {.progress = [](const Explored&) { return false; }});
  EXPECT_FALSE(stopped.complete);
  EXPECT_FALSE(stopped.broken);
}

}  // namespace
}  // namespace tpfuzz
