// The engine `stress`: what it finds, what it stays silent on, and that it judges what it should.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/execute.h"
#include "fuzz/sequence/domains.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/mutate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/subject/puzzle.h"
#include "fuzz/subject/sanitizer.h"

namespace tpfuzz {
namespace {

const std::filesystem::path kCorpus = TPFUZZ_SOURCE_DIR "/corpus";

Sequence sequence_in(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  auto parsed = parse_text(std::string{std::istreambuf_iterator<char>(file), {}});
  EXPECT_TRUE(std::holds_alternative<Sequence>(parsed)) << path;
  return std::get<Sequence>(std::move(parsed));
}

Sequence seed(const std::string& name) { return sequence_in(kCorpus / "seeds" / name); }

// The first violation in so many runs.
Verdict find(const std::string& protocol, const Sequence& sequence, int runs) {
  const auto subject = core_subject(tp::shipped_protocol(protocol));
  StressExecutor executor(*subject);
  Random random(1);
  for (int i = 0; i < runs; ++i)
    if (Verdict verdict = executor.run(sequence, random)) return verdict;
  return std::nullopt;
}

class StressEngineTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(prepare(), std::nullopt); }
};

TEST_F(StressEngineTest, FindsThePairingOfTheFirstMail) {
  const Verdict verdict = find("547305a", seed("add-higher-priority.seq"), 100'000);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->invariant, Invariant::pairing);
}

TEST_F(StressEngineTest, FindsTheDelayedReader) {
  const Verdict verdict = find("352384d", seed("one-zero-one.seq"), 100'000);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->invariant, Invariant::pairing);
}

TEST_F(StressEngineTest, FindsAFaultableReaderThatNobodyWaitsFor) {
  const Verdict verdict = find("cookies", seed("one-zero-one-faultable.seq"), 100'000);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->invariant, Invariant::pairing);
  EXPECT_FALSE(find("cookies-own", seed("one-zero-one-faultable.seq"), 3'000));
}

// The owner frees at once what a reader may be in; with a wait for its readers the same is right.
TEST_F(StressEngineTest, FindsAFreeThatDoesNotWait) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "whose report ends the process";
  const auto sequence = [](const std::string& after) {
    return std::get<Sequence>(
        parse_text("tpfuzz 1\nprobe a func=0 data=0\nw0 register a\nr0 hit park@dispatched 4\n"
                   "w0 unregister a\nw0 free a" +
                   after + "\n"));
  };
  const Verdict verdict = find("cookies", sequence(""), 100'000);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->invariant, Invariant::grace);
  EXPECT_FALSE(find("cookies", sequence(" after rcu"), 3'000));
}

TEST_F(StressEngineTest, FindsAKeyThatIsOffThoughItIsHeld) {
  const auto sequence = std::get<Sequence>(
      parse_text("tpfuzz 1\nw0 key inc park@counted 4\nw1 key inc\nw1 key dec\nw0 key dec\nr0 hit\nr1 hit\n"));
  const auto found = [&](const std::string& key, int runs) -> Verdict {
    const std::string text = std::string(tp::shipped_text("cookies")) + "key: " + key + "\n";
    const auto subject = core_subject(std::get<tp::Protocol>(tp::parse_protocol(text)));
    StressExecutor executor(*subject);
    Random random(1);
    for (int i = 0; i < runs; ++i)
      if (Verdict verdict = executor.run(sequence, random)) return verdict;
    return std::nullopt;
  };
  const Verdict verdict = found("count-first", 100'000);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->invariant, Invariant::key);
  EXPECT_FALSE(found("count", 3'000));
}

class StressOnProtocolTest : public testing::TestWithParam<std::string> {};

TEST_P(StressOnProtocolTest, StaysSilent) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto subject = core_subject(tp::shipped_protocol(GetParam()));
  StressExecutor executor(*subject);
  Random random(2);
  Sequence sequence;
  for (int i = 0; i < 1500; ++i) {
    if (random.chance(1, 2) || sequence.operations.empty())
      sequence = generate(random);
    else
      mutate(sequence, random);
    const Verdict verdict = executor.run(sequence, random);
    ASSERT_FALSE(verdict) << token(*verdict) << "\n" << to_text(sequence);
  }
}

TEST_P(StressOnProtocolTest, StaysSilentOnTheCorpus) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto subject = core_subject(tp::shipped_protocol(GetParam()));
  StressExecutor executor(*subject);
  Random random(5);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kCorpus)) {
    if (entry.path().extension() != ".seq") continue;
    const Sequence sequence = sequence_in(entry.path());
    const bool judges =
        (sequence.faultable == 0 || tp::shipped_protocol(GetParam()).faultable == tp::Protocol::Status::correct) &&
        waits_cover_readers(sequence);
    for (int i = 0; i < 50 && judges; ++i) {
      const Verdict verdict = executor.run(sequence, random);
      ASSERT_FALSE(verdict) << token(*verdict) << " of " << entry.path();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Correct, StressOnProtocolTest,
                         testing::ValuesIn(tp::shipped_names(tp::Protocol::Status::correct)), [](const auto& info) {
                           std::string name = "p_" + info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// Mistakes that show without luck: in what is left at the end, in what a call returns, in what a hit calls.
class StressOnPuzzleTest : public testing::TestWithParam<const char*> {};

TEST_P(StressOnPuzzleTest, FindsTheMistake) {
  ASSERT_EQ(prepare(), std::nullopt);
  const Puzzle& puzzle = *puzzle_named(GetParam());
  const auto subject = puzzle_subject(puzzle);
  StressExecutor executor(*subject);
  Random random(3);
  Verdict verdict;
  Sequence sequence;
  for (int i = 0; i < 20'000 && !verdict; ++i) {
    sequence = generate(random);
    verdict = executor.run(sequence, random);
  }
  ASSERT_TRUE(verdict);
  EXPECT_NE(puzzle.found_by.find(name(verdict->invariant)), puzzle.found_by.npos) << token(*verdict) << "\n"
                                                                                  << to_text(sequence);
}

INSTANTIATE_TEST_SUITE_P(All, StressOnPuzzleTest,
                         testing::Values("key-left-on", "call-left-on-iterator", "leaked", "equals-reversed",
                                         "priority-ignored", "nothing-to-remove", "hook-left-on", "hook-without-mutex",
                                         "disable-after-unlock", "batch-removes-one", "site-forgotten",
                                         "waits-in-section", "iterator-stops-early", "iterator-uses-first-data",
                                         "arguments-forwarded", "arguments-swapped"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

class StressOnHarmlessTest : public testing::TestWithParam<const char*> {};

TEST_P(StressOnHarmlessTest, StaysSilent) {
  ASSERT_EQ(prepare(), std::nullopt);
  const Puzzle& puzzle = *puzzle_named(GetParam());
  const auto subject = puzzle_subject(puzzle);
  StressExecutor executor(*subject);
  Random random(4);
  for (int i = 0; i < 1000; ++i) {
    const Sequence sequence = generate(random);
    const Verdict verdict = executor.run(sequence, random);
    ASSERT_FALSE(verdict) << token(*verdict) << "\n" << to_text(sequence);
  }
}

INSTANTIATE_TEST_SUITE_P(All, StressOnHarmlessTest,
                         testing::Values("call-left-on-last-probe", "key-before-publish", "key-last-off"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace tpfuzz
