// The engine `threads` against lockstep: the same trace, event for event, unless it says where liburcu waited longer.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "core/rcu.h"
#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/subject/puzzle.h"
#include "fuzz/testing/search.h"

namespace tpfuzz {
namespace {

const std::filesystem::path kRoot = TPFUZZ_SOURCE_DIR;

Sequence sequence_of(const std::string& text) {
  auto parsed = parse_text(text);
  const auto* error = std::get_if<Error>(&parsed);
  if (error != nullptr) ADD_FAILURE() << error->line << ": " << error->message;
  return error != nullptr ? Sequence{} : std::get<Sequence>(parsed);
}

Sequence sequence_in(const std::filesystem::path& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  return sequence_of({std::istreambuf_iterator<char>(file), {}});
}

// Both engines on one protocol.
struct Engines {
  explicit Engines(const std::string& protocol)
      : subject(core_subject(tp::shipped_protocol(protocol))),
        lockstep(*subject),
        threads(*subject, nullptr, EngineKind::threads) {}

  std::unique_ptr<Subject> subject;
  Executor lockstep;
  Executor threads;
};

class ThreadsTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(prepare(), std::nullopt); }
};

TEST_F(ThreadsTest, GivesTheTraceOfLockstepForEveryWitness) {
  constexpr int kRuns = 5;
  int witnesses = 0;
  for (const auto& directory : std::filesystem::directory_iterator(kRoot / "corpus/regressions")) {
    if (directory.path().filename() == "kernel") continue;  // fuzz/kernel_test.cc
    Engines engines(directory.path().filename().string());
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      const Sequence sequence = sequence_in(entry.path());
      const Execution expected = engines.lockstep.run(sequence);
      ASSERT_TRUE(expected.verdict) << entry.path();
      for (int run = 0; run < kRuns; ++run) {
        const Execution execution = engines.threads.run(sequence);
        EXPECT_EQ(execution.verdict, expected.verdict) << entry.path();
        EXPECT_EQ(execution.trace.hash(), expected.trace.hash()) << entry.path();
        EXPECT_TRUE(execution.divergences.empty()) << entry.path();
      }
      ++witnesses;
    }
  }
  EXPECT_GE(witnesses, 20);
}

TEST_F(ThreadsTest, GivesTheTraceOfLockstepForEverySeed) {
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) {
    Engines engines{std::string(shipped.name)};
    for (const auto& entry : std::filesystem::directory_iterator(kRoot / "corpus/seeds")) {
      const Sequence sequence = sequence_in(entry.path());
      const Execution expected = engines.lockstep.run(sequence);
      const Execution execution = engines.threads.run(sequence);
      EXPECT_EQ(execution.verdict, expected.verdict) << entry.path() << " under " << shipped.name;
      if (execution.divergences.empty())
        EXPECT_EQ(execution.trace.hash(), expected.trace.hash()) << entry.path() << " under " << shipped.name;
    }
  }
}

// Over a search by `go_on`.
void expect_the_trace_of_lockstep(const char* protocol, void (*go_on)(Sequence&, Random&)) {
  Engines engines(protocol);
  Random random(1);
  Sequence sequence;
  int diverged = 0;
  for (int i = 0; i < 400; ++i) {
    go_on(sequence, random);
    const Execution expected = engines.lockstep.run(sequence);
    const Execution execution = engines.threads.run(sequence);
    if (!execution.divergences.empty()) {
      ++diverged;
      continue;
    }
    ASSERT_EQ(execution.verdict, expected.verdict) << to_text(sequence);
    ASSERT_EQ(execution.trace.hash(), expected.trace.hash()) << to_text(sequence);
  }
  EXPECT_LT(diverged, 40) << "divergences explain nearly everything";
}

class ThreadsOnProtocolTest : public testing::TestWithParam<const char*> {};

TEST_P(ThreadsOnProtocolTest, GivesTheTraceOfLockstepOrSaysWhyNot) {
  ASSERT_EQ(prepare(), std::nullopt);
  expect_the_trace_of_lockstep(GetParam(), &go_on_from);
}

TEST_P(ThreadsOnProtocolTest, GivesTheTraceOfLockstepWithBothReaders) {
  ASSERT_EQ(prepare(), std::nullopt);
  expect_the_trace_of_lockstep(GetParam(), &go_on_with_both_readers);
}

INSTANTIATE_TEST_SUITE_P(All, ThreadsOnProtocolTest,
                         testing::Values("d25e37d", "547305a", "352384d", "231264d", "cookies", "worker",
                                         "cookies-own"),
                         [](const auto& info) {
                           std::string name = std::string("p_") + info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// r0 enters its section when the grace period of the model is over: after the removal. liburcu's has not begun.
TEST_F(ThreadsTest, SaysWhereLiburcuWaitsLonger) {
  Engines engines("cookies");
  const Sequence sequence = sequence_of(
      "tpfuzz 1\n"
      "probe a func=0 data=0 prio=10\n"
      "probe b func=1 data=1 prio=20\n"
      "w0 register a\n"
      "r0 hit park@keyed 1 park@loaded 3\n"
      "w0 unregister a\n"
      "w0 register b park@update_call 1\n");
  EXPECT_FALSE(engines.lockstep.run(sequence).verdict);
  const Execution execution = engines.threads.run(sequence);
  EXPECT_FALSE(execution.verdict);
  ASSERT_EQ(execution.divergences.size(), 1U);
  const Divergence& divergence = execution.divergences.front();
  EXPECT_EQ(divergence.cpu, (Cpu{Cpu::Kind::writer, 0}.number()));
  EXPECT_EQ(divergence.reader, (Cpu{Cpu::Kind::reader, 0}.number()));
  EXPECT_EQ(divergence.point, tp::Point::loaded);
}

// k0 and w0 wait for r1. liburcu's grace period for w0 begins when k0's is over, and so needs r0, which came meanwhile.
// The park of r0 has run out by then; but the model lets w0 go on first.
TEST_F(ThreadsTest, SaysWhereAReaderHasToGoOnFirst) {
  Engines engines("worker");
  const Sequence sequence = sequence_of(
      "tpfuzz 1\n"
      "probe a func=0 data=0 prio=10\n"
      "probe b func=1 data=1 prio=20\n"
      "w0 register a tp=1\n"
      "w0 register a\n"
      "w0 register b\n"
      "r1 hit park@loaded 2\n"
      "w0 unregister a tp=1\n"
      "w0 unregister b\n"
      "r0 hit park@loaded 1\n");
  const Execution expected = engines.lockstep.run(sequence);
  const Execution execution = engines.threads.run(sequence);
  EXPECT_NE(execution.trace.hash(), expected.trace.hash());
  ASSERT_EQ(execution.divergences.size(), 1U);
  const Divergence& divergence = execution.divergences.front();
  EXPECT_EQ(divergence.cpu, (Cpu{Cpu::Kind::writer, 0}.number()));
  EXPECT_EQ(divergence.reader, (Cpu{Cpu::Kind::reader, 0}.number()));
  EXPECT_EQ(divergence.point, tp::Point::loaded);
}

// Here nobody else would ever end a wait; it is seen, and the thread is free again.
TEST_F(ThreadsTest, WhoWaitsInItsOwnSectionIsStuck) {
  const Puzzle& puzzle = *puzzle_named("waits-in-section");
  const auto subject = puzzle_subject(puzzle);
  Executor lockstep(*subject);
  Executor threads(*subject, nullptr, EngineKind::threads);
  const Sequence sequence = sequence_of(
      "tpfuzz 1\n"
      "probe a func=0 data=0 prio=10\n"
      "w0 register a\n"
      "r0 hit\n");
  for (int run = 0; run < 3; ++run) {
    const Verdict expected = lockstep.run(sequence).verdict;
    ASSERT_TRUE(expected);
    EXPECT_EQ(expected->invariant, Invariant::progress);
    EXPECT_EQ(threads.run(sequence).verdict, expected);
  }
}

// Notes on which thread each CPU runs, and whether a reader is in a section of liburcu's.
class ThreadSubject final : public Subject {
 public:
  void reset() override {}
  int register_probe(int, const tp::Probe&) override {
    writer = std::this_thread::get_id();
    return 0;
  }
  int unregister_probes(int, std::span<const tp::Probe>) override { return 0; }
  void sync(tp::Domains) override {
    const unsigned long before = tp::rcu::waited();
    started = before;
    host().synchronize(0);
    waited = tp::rcu::waited() - before;
    reader_had_left = reader_left.load();
  }
  void hit(int, int) override {
    reader = std::this_thread::get_id();
    host().read_lock(0);
    host().point(tp::Point::loaded);
    ended_inside = tp::rcu::waited() - started;
    reader_left = true;
    host().read_unlock(0);
  }
  const std::string& name() const override { return name_; }

  std::thread::id writer, reader;
  // Atomic, as the hand-over from thread to thread orders nothing that ThreadSanitizer sees.
  std::atomic<unsigned long> started = 0, waited = 0, ended_inside = 99;
  std::atomic<bool> reader_left = false, reader_had_left = false;

 private:
  const std::string name_ = "threads";
};

// The first execution of a search that `kind` gives a verdict on.
Verdict searched(Subject& subject, EngineKind kind, int executions) {
  Executor executor(subject, nullptr, kind);
  Random random(1);
  for (int i = 0; i < executions; ++i)
    if (const Verdict verdict = executor.run(generate(random)).verdict) return verdict;
  return std::nullopt;
}

// The model of lockstep waits for the right readers, whatever the cookie says; `threads` tells the two apart.
TEST_F(ThreadsTest, ACookieThatIsWrongIsSeenThoughTheModelWaits) {
  const Puzzle& puzzle = *puzzle_named("cookie-too-old");
  const auto subject = puzzle_subject(puzzle);
  EXPECT_EQ(searched(*subject, EngineKind::lockstep, 2000), std::nullopt);
  const Verdict verdict = searched(*subject, EngineKind::threads, 2000);
  ASSERT_TRUE(verdict.has_value());
  EXPECT_EQ(verdict->invariant, Invariant::grace);
  const auto correct = core_subject(tp::shipped_protocol("cookies"));
  EXPECT_EQ(searched(*correct, EngineKind::threads, 2000), std::nullopt);
}

class Everything final : public Observer {
 public:
  bool observe(std::span<const Event>) override { return true; }
  bool at_rest(const Event&, const Observation&, int) override { return true; }
};

TEST_F(ThreadsTest, RunsEachCpuOnItsThreadAndWaitsForLiburcu) {
  ThreadSubject subject;
  const auto engine = make_engine(subject, EngineKind::threads);
  Everything observer;
  const Sequence sequence = sequence_of(
      "tpfuzz 1\n"
      "probe a func=0 data=0 prio=10\n"
      "w0 register a\n"
      "r0 hit park@loaded 3\n"
      "w0 sync\n");
  engine->engine().run(sequence, observer);
  EXPECT_NE(subject.writer, subject.reader);
  EXPECT_NE(subject.writer, std::this_thread::get_id());
  EXPECT_NE(subject.reader, std::this_thread::get_id());
  EXPECT_EQ(subject.ended_inside, 0U) << "a grace period ended while the reader was in its section";
  EXPECT_EQ(subject.waited, 1U);
  EXPECT_TRUE(subject.reader_had_left);
}

}  // namespace
}  // namespace tpfuzz
