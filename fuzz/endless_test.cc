// Endless loops: each engine ends them as a `progress` violation, the same each time; what ends by itself is left
// alone.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "fuzz/engine/steps.h"
#include "fuzz/engine/watchdog.h"
#include "fuzz/execute.h"
#include "fuzz/sequence/cpu.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/subject/puzzle.h"
#include "fuzz/subject/sanitizer.h"

namespace tpfuzz {
namespace {

constexpr auto kStubIsPassed =
    "tpfuzz 1\nprobe a func=0 data=0\nprobe b func=1 data=1\nprobe c func=2 data=2\n"
    "w0 register a\nw0 register b\nw0 register c\nw0 unregister b fail=1\nr0 hit\nr0 hit\n";
constexpr auto kRegisters = "tpfuzz 1\nprobe a func=0 data=0\nw0 register a\n";

Sequence sequence_of(const std::string& text) { return std::get<Sequence>(parse_text(text)); }

struct Loop {
  const char* puzzle;
  const char* text;
  const char* token;
};
// One passes points, the other none.
constexpr Loop kLoops[] = {{"iterator-stays-at-stub", kStubIsPassed, "progress-N->N+1-iterating"},
                           {"waits-for-itself", kRegisters, "progress-0->1-before-publish"}};

class EndlessTest : public testing::TestWithParam<Loop> {
 protected:
  void SetUp() override {
    ASSERT_EQ(prepare(), std::nullopt);
    watchdog::set_patience(watchdog::kLittlePatience);
  }
  void TearDown() override { watchdog::set_patience(watchdog::kPatience); }
  std::unique_ptr<Subject> subject() const { return puzzle_subject(*puzzle_named(GetParam().puzzle)); }
};

TEST_P(EndlessTest, IsAViolationOfProgressAtTheSamePlaceEachTime) {
  const auto subject = this->subject();
  const Sequence sequence = sequence_of(GetParam().text);
  for (const EngineKind kind : {EngineKind::lockstep, EngineKind::threads}) {
    Executor executor(*subject, nullptr, kind);
    std::uint64_t hash = 0;
    for (int i = 0; i < 3; ++i) {
      const Execution execution = executor.run(sequence);
      ASSERT_TRUE(execution.verdict);
      EXPECT_EQ(token(*execution.verdict), GetParam().token);
      if (i > 0) EXPECT_EQ(execution.trace.hash(), hash);
      hash = execution.trace.hash();
    }
  }
}

TEST_P(EndlessTest, IsOneUnderStress) {
  const auto subject = this->subject();
  StressExecutor executor(*subject);
  Random random(1);
  for (int found = 0; found < 2; ++found) {
    Verdict verdict;
    for (int i = 0; i < 10'000 && !verdict; ++i) verdict = executor.run(sequence_of(GetParam().text), random);
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->invariant, Invariant::progress);
  }
}

TEST_P(EndlessTest, LeavesTheSubjectAsItWas) {
  const auto subject = this->subject();
  Executor executor(*subject);
  EXPECT_TRUE(executor.run(sequence_of(GetParam().text)).verdict);
  EXPECT_FALSE(executor.run(sequence_of("tpfuzz 1\nr0 hit\nw0 sync\n")).verdict);
}

TEST_P(EndlessTest, IsOneInAChildToo) {
  if (kThreadSanitizer)
    GTEST_SKIP() << "ThreadSanitizer ends a forked child that starts a thread, as the watchdog does";
  const auto subject = this->subject();
  Executor executor(*subject);
  executor.run(sequence_of(kRegisters));  // the watchdog's timer belongs to the parent
  const pid_t child = fork();
  if (child == 0) _exit(executor.run(sequence_of(GetParam().text)).verdict ? 0 : 1);
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

INSTANTIATE_TEST_SUITE_P(All, EndlessTest, testing::ValuesIn(kLoops), [](const auto& info) {
  std::string name = info.param.puzzle;
  std::ranges::replace(name, '-', '_');
  return name;
});

// How many points the longest operation passes, and all runs of k0 together.
int longest(const Trace& trace) {
  std::array<int, kMaxCpus> passed{};
  int longest = 0;
  for (const Event& event : trace.events()) {
    int& its = passed[event.cpu];
    if (event.kind == Event::Kind::started && !is_worker(event.cpu)) its = 0;
    longest = std::max(longest, its += event.kind == Event::Kind::passed);
  }
  return longest;
}

// All 8 probes come and go, under a reader's eyes: 64 operations.
Sequence largest() {
  std::string text = "tpfuzz 1\n";
  for (char probe = 'a'; probe <= 'h'; ++probe) {
    const std::string number(1, static_cast<char>(probe - 'a' + '0'));
    text += std::string("probe ") + probe + " func=" + number + " data=" + number + "\n";
  }
  for (int round = 0; round < 2; ++round)
    for (const char* verb : {"register ", "unregister "})
      for (char probe = 'a'; probe <= 'h'; ++probe) text += std::string("w0 ") + verb + probe + "\nr0 hit\n";
  return sequence_of(text);
}

TEST(Endless, IsFarMoreThanTheLongestOperationTakes) {
  ASSERT_EQ(prepare(), std::nullopt);
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) {
    const auto subject = core_subject(tp::shipped_protocol(shipped.name));
    Executor executor(*subject);
    Random random(1);
    int most = longest(executor.run(largest()).trace);
    for (int i = 0; i < 2000; ++i) most = std::max(most, longest(executor.run(generate(random)).trace));
    EXPECT_LT(most, kMaxSteps / 20) << shipped.name;
  }
}

// Many short pieces of work are not one long one, in any engine.
TEST(Endless, IsNothingThatEnds) {
  ASSERT_EQ(prepare(), std::nullopt);
  watchdog::set_patience(watchdog::kLittlePatience);
  const auto subject = core_subject(tp::shipped_protocol("worker"));
  const Sequence sequence = largest();
  Executor lockstep(*subject);
  Executor threads(*subject, nullptr, EngineKind::threads);
  StressExecutor stress(*subject);
  Random random(1);
  const std::clock_t enough = std::clock() + 10 * CLOCKS_PER_SEC * watchdog::kTickMilliseconds / 1000;
  while (std::clock() < enough) {
    EXPECT_FALSE(lockstep.run(sequence).verdict);
    EXPECT_FALSE(threads.run(sequence).verdict);
    EXPECT_FALSE(stress.run(sequence, random));
  }
  watchdog::set_patience(watchdog::kPatience);
}

}  // namespace
}  // namespace tpfuzz
