// The simplest sequence that shows the same: how small, 1-minimal, always the same, wherever it started.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "fuzz/explore/simplest.h"
#include "fuzz/explore/wanted.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/mutate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"
#include "fuzz/subject/sanitizer.h"

namespace tpfuzz {
namespace {

Sequence parse(const std::string& text) {
  const auto parsed = parse_text(text);
  return std::get<Sequence>(parsed);
}

bool go_on(const Trials&) { return true; }

Trials::Wanted is(Invariant invariant) {
  return [invariant](const Sequence&, const Execution& execution) {
    return execution.verdict && execution.verdict->invariant == invariant;
  };
}

// A protocol with what it takes to run sequences on it.
class Bench {
 public:
  explicit Bench(const std::string& protocol) {
    prepare();
    subject_ = std::get<std::unique_ptr<Subject>>(load_subject(protocol));
    executor_.emplace(*subject_);
  }

  Verdict run(const Sequence& sequence) { return executor_->run(sequence).verdict; }

  bool shows(const Trials::Wanted& wanted, const Sequence& sequence) {
    return wanted(sequence, executor_->run(sequence));
  }

  Trials::Wanted same_as(const Sequence& finding, Keep keep) {
    return tpfuzz::same_as(finding, executor_->run(finding), subject_->rules(), keep);
  }

  std::string minimized(const std::string& finding, Keep keep = Keep::token) {
    return to_text(minimize(parse(finding), same_as(parse(finding), keep)));
  }

  Sequence minimize(const Sequence& sequence, Trials::Wanted wanted, Trials::Progress progress = go_on) {
    Trials trials(*executor_, std::move(wanted), std::move(progress));
    return simplest(sequence, trials);
  }

  // What a fuzzer finds from this seed on: no two seeds give the same.
  Sequence find(Invariant invariant, std::uint64_t seed) {
    for (Random random(seed);;) {
      Sequence sequence = generate(random);
      for (int changes = random.below(12); changes > 0; --changes) mutate(sequence, random);
      if (shows(is(invariant), sequence)) return sequence;
    }
  }

  Executor& executor() { return *executor_; }

 private:
  std::unique_ptr<Subject> subject_;
  std::optional<Executor> executor_;
};

struct Known {
  const char* protocol;
  Invariant invariant;
  const char* text;  // the simplest sequence
};

constexpr const char* kAddInFront =
    "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\n"
    "w0 register a\nw0 register b park@publish 1\nr0 hit\n";
constexpr const char* kAdd =
    "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n"
    "w0 register a\nw0 register b park@publish 1\nr0 hit\n";
constexpr const char* kTwoOneZero =
    "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n"
    "w0 register a\nw0 register b\nr0 hit park@dispatched 2\nw0 unregister b\nw0 unregister a\n";
constexpr const char* kOneZeroOne =
    "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n"
    "w0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 register b\n";
constexpr const char* kOneFunction =
    "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=0 data=1 prio=10\n"
    "w0 register a\nw0 register b\nr0 hit park@loaded 1\nw0 unregister a\n";

constexpr const char* kArguments =
    "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n"
    "w0 register a tp=3\nw0 register b tp=3\nr0 hit tp=3\n";

const Known kKnown[] = {
    {"d25e37d", Invariant::pairing, kAddInFront},       {"547305a-v1", Invariant::pairing, kAddInFront},
    {"547305a", Invariant::pairing, kAddInFront},       {"547305a", Invariant::snapshot, kAdd},
    {"547305a", Invariant::fault, kTwoOneZero},         {"c8b186a", Invariant::pairing, kAddInFront},
    {"befe6d9", Invariant::pairing, kAddInFront},       {"352384d", Invariant::pairing, kOneZeroOne},
    {"352384d", Invariant::snapshot, kOneFunction},     {"f7ec412", Invariant::pairing, kOneZeroOne},
    {"worker-sketch", Invariant::pairing, kOneZeroOne}, {"arguments-forwarded", Invariant::arguments, kArguments},
};

class MinimizeTest : public testing::TestWithParam<Known> {};

TEST_P(MinimizeTest, EveryFindingGivesTheSimplestSequence) {
  Bench bench(GetParam().protocol);
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Sequence finding = bench.find(GetParam().invariant, seed);
    EXPECT_EQ(to_text(bench.minimize(finding, is(GetParam().invariant))), GetParam().text) << to_text(finding);
  }
}

INSTANTIATE_TEST_SUITE_P(All, MinimizeTest, testing::ValuesIn(kKnown), [](const auto& info) {
  std::string name = std::string(info.param.protocol) + "_" + std::string(tpfuzz::name(info.param.invariant));
  std::ranges::replace(name, '-', '_');
  return name;
});

// All sequences with a single element less.
std::vector<Sequence> with_one_less(const Sequence& sequence) {
  std::vector<Sequence> all;
  const auto add = [&](auto change) {
    Sequence less = sequence;
    change(less);
    if (!validate(less) && less != sequence) all.push_back(less);
  };
  for (std::size_t i = 0; i < sequence.operations.size(); ++i) {
    const Operation& operation = sequence.operations[i];
    const auto place = static_cast<std::ptrdiff_t>(i);
    add([&](Sequence& less) { less.operations.erase(less.operations.begin() + place); });
    for (const Property& property : properties())
      add([&](Sequence& less) { property.set(less.operations[i], std::nullopt); });
    add([&](Sequence& less) { less.operations[i].expect.reset(); });
    for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
      if (operation.probes != probe_bit(slot))
        add([&](Sequence& less) { less.operations[i].probes &= static_cast<std::uint8_t>(~probe_bit(slot)); });
    for (std::size_t tp = 0; tp < kMaxTracepoints; ++tp)
      for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
        add([&](Sequence& less) { less.operations[i].further[tp] &= static_cast<std::uint8_t>(~probe_bit(slot)); });
    for (std::size_t park = 0; park < operation.parks.size(); ++park) {
      const auto where = static_cast<std::ptrdiff_t>(park);
      add([&](Sequence& less) { less.operations[i].parks.erase(less.operations[i].parks.begin() + where); });
      add([&](Sequence& less) { --less.operations[i].parks[park].events; });
      add([&](Sequence& less) { --less.operations[i].parks[park].nth; });
    }
  }
  return all;
}

// Whose findings are violations in builds with a sanitizer, too.
constexpr const char* kSubjects[] = {"d25e37d",       "352384d",          "f7ec412",
                                     "worker-sketch", "stale-cookie",     "torn-patch",
                                     "left-in-place", "waits-in-section", "nested-hit-skipped"};

class SubjectTest : public testing::TestWithParam<const char*> {
 protected:
  // Some finding of any kind.
  Sequence find(std::uint64_t seed) {
    for (Random random(seed);;) {
      Sequence sequence = generate(random);
      if (bench.run(sequence)) return sequence;
    }
  }
  Bench bench{GetParam()};
};

TEST_P(SubjectTest, NothingCanBeTakenAway) {
  for (std::uint64_t seed = 1; seed <= 2; ++seed) {
    const Sequence finding = find(seed);
    const Trials::Wanted wanted = is(bench.run(finding)->invariant);
    const Sequence result = bench.minimize(finding, wanted);
    EXPECT_TRUE(bench.shows(wanted, result));
    EXPECT_LE(count_operations(result), count_operations(finding));
    for (const Sequence& less : with_one_less(result))
      EXPECT_FALSE(bench.shows(wanted, less)) << to_text(less) << "of\n" << to_text(result);
  }
}

TEST_P(SubjectTest, KeepsTheWholeVerdict) {
  const Sequence finding = find(3);
  const Verdict verdict = bench.run(finding);
  EXPECT_EQ(bench.run(bench.minimize(finding, bench.same_as(finding, Keep::token))), verdict);
}

TEST_P(SubjectTest, IsDeterministicAndItsOwnResult) {
  const Sequence finding = find(4);
  const Trials::Wanted wanted = is(bench.run(finding)->invariant);
  const Sequence result = bench.minimize(finding, wanted);
  EXPECT_EQ(bench.minimize(finding, wanted), result);
  EXPECT_EQ(bench.minimize(result, wanted), result);
}

INSTANTIATE_TEST_SUITE_P(All, SubjectTest, testing::ValuesIn(kSubjects), [](const auto& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

// The delayed reader of 1->0->1, where adding a probe breaks the pairing, too, and with less.
constexpr const char* kSeveral =
    "tpfuzz 1\nprobe sched func=0 data=0 prio=10\nprobe irq func=1 data=1 prio=20\nprobe unused func=2 data=2 prio=20\n"
    "w1 register sched tp=1\nr1 hit tp=1 site=1 park@loaded 4\nw1 unregister sched tp=1\nr0 hit\nw1 register irq tp=1\n"
    "w0 register sched\n";

TEST(SameTest, AFindingKeepsItsToken) {
  Bench bench("d25e37d");
  const Verdict before = bench.run(parse(kSeveral));
  ASSERT_TRUE(before);
  EXPECT_EQ(token(*before), "pairing-0->1-loaded");
  const std::string after = bench.minimized(kSeveral);
  EXPECT_EQ(bench.run(parse(after)), before) << after;
  EXPECT_EQ(token(*bench.run(parse(bench.minimized(kSeveral, Keep::invariant)))), "pairing-1->2-loaded");
}

TEST(SameTest, ProbesKeepTheirNames) {
  Bench bench("352384d");
  EXPECT_EQ(bench.minimized(kSeveral),
            "tpfuzz 1\nprobe sched func=0 data=0 prio=10\nprobe irq func=1 data=1 prio=10\n"
            "w0 register sched\nr0 hit park@loaded 2\nw0 unregister sched\nw0 register irq\n");
}

constexpr const char* kHeader = "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n";
constexpr const char* kOneProbe = "tpfuzz 1\nprobe a func=0 data=0 prio=10\n";

// What is returned is right, and not what the text expects.
TEST(SameTest, WhatTheTextExpectsIsKept) {
  Bench bench("cookies");
  const std::string header = kHeader;
  for (const Keep keep : {Keep::token, Keep::invariant}) {
    EXPECT_EQ(bench.minimized(header + "w1 register b tp=1 -> 0\nr0 hit\nw1 register b tp=1 -> ENOENT\n", keep),
              std::string(kOneProbe) + "w0 register a\nw0 register a -> ENOENT\n");
    EXPECT_EQ(bench.minimized(
                  header + "w0 register a\nw0 register b\nw0 unregister a -> 0\nw0 unregister b -> ENOENT\n", keep),
              std::string(kOneProbe) + "w0 register a\nw0 unregister a -> ENOENT\n");
  }
}

// The twin of it: the result itself is wrong. No mistake of the text takes its place, though one operation less would
// do for that; and what the text expects is not needed.
TEST(SameTest, AWrongResultIsNoMistakeOfTheText) {
  Bench bench("duplicate-accepted");
  for (const Keep keep : {Keep::token, Keep::invariant})
    EXPECT_EQ(bench.minimized(std::string(kOneProbe) + "w0 register a -> 0\nr0 hit\nw0 register a -> EEXIST\n", keep),
              std::string(kOneProbe) + "w0 register a\nw0 register a\n");
}

TEST(MinimizeStopTest, GivesTheBestSoFar) {
  Bench bench("352384d");
  const Sequence finding = bench.find(Invariant::pairing, 1);
  long told = 0;
  const Sequence result = bench.minimize(finding, is(Invariant::pairing), [&](const Trials& trials) {
    told = trials.executions();
    return false;
  });
  EXPECT_GT(told, 0);
  EXPECT_TRUE(bench.shows(is(Invariant::pairing), result));
  EXPECT_LE(Complexity(result), Complexity(finding));
}

// What is faultable and need not be is ordinary in the result; what has to be is it still, and so is what a `sync`
// names.
TEST(MinimizeTest, FaultableReadersStayWhereTheyAreNeeded) {
  if (kThreadSanitizer) GTEST_SKIP() << "ThreadSanitizer reports the race of a wait that leaves readers out";
  Bench bench("cookies");
  const std::string probes =
      "probe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\nprobe c func=2 data=2 prio=5\n";
  EXPECT_EQ(
      bench.minimized("tpfuzz 1\ntracepoint 1 faultable\ntracepoint 2 faultable\n" + probes +
                      "w0 register c tp=1\nw1 register a\nw0 register a tp=2\nr1 hit tp=1\nr0 hit tp=2 park@loaded 6\n"
                      "w0 unregister a tp=2\nw1 unregister a\nw0 register b tp=2\n"),
      "tpfuzz 1\ntracepoint 0 faultable\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n"
      "w0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 register b\n");
  Bench broken("352384d");
  EXPECT_EQ(broken.minimized("tpfuzz 1\ntracepoint 0 faultable\n" + probes +
                             "w0 register a\nr0 hit park@loaded 3\nw0 unregister a\nw0 register b\n"),
            "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n"
            "w0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 register b\n");
  const std::string sync =
      bench.minimized("tpfuzz 1\ntracepoint 0 faultable\n" + probes +
                          "w0 register a\nr0 hit park@dispatched 4\nw0 unregister a\nw0 sync rcu\n",
                      Keep::invariant);
  EXPECT_NE(sync.find(" sync "), sync.npos) << sync;
}

// What an owner forgets stays forgotten; what a sync shows as well, a sync does in the result.
TEST(MinimizeTest, AFreeStaysWhereItIsNeeded) {
  if (kThreadSanitizer) GTEST_SKIP() << "ThreadSanitizer reports the race of a free that waits for nobody";
  const std::string probes = "probe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\n";
  const std::string lines = "w0 register b\nw0 register a\nr0 hit park@iterating 4\nw0 unregister a\n";
  Bench bench("cookies");
  const std::string forgotten =
      bench.minimized("tpfuzz 1\n" + probes + lines + "w0 unregister b\nw0 free b\n", Keep::invariant);
  EXPECT_NE(forgotten.find("\nw0 free a\n"), forgotten.npos) << forgotten;
  EXPECT_EQ(forgotten.find("probe b"), forgotten.npos) << forgotten;
  Bench broken("sync-without-wait");
  const std::string careful =
      broken.minimized("tpfuzz 1\n" + probes + lines + "w0 unregister b\nw0 free b after rcu\n", Keep::invariant);
  EXPECT_NE(careful.find("\nw0 sync\n"), careful.npos) << careful;
}

}  // namespace
}  // namespace tpfuzz
