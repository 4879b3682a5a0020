// A hit that calls nothing must have seen an empty list (oracle/snapshot.h): in each engine, under protocols that turn
// the key off where they should not, and under their correct twins.
#include <gtest/gtest.h>

#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"

namespace tpfuzz {
namespace {

constexpr int kStressRuns = 20'000;

Sequence parse(const std::string& lines) {
  auto parsed = parse_text(
      "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=5\nprobe c func=2 data=2 prio=1\n" + lines);
  if (const auto* error = std::get_if<Error>(&parsed)) ADD_FAILURE() << error->line << ": " << error->message;
  return std::get<Sequence>(parsed);
}

// The protocol `iterator`, with `line` in place of its own line for the same transition.
std::unique_ptr<Subject> iterator_with(const std::string& line) {
  std::string text = "protocol test\n";
  for (const std::string own : {"0->1: publish; enable_key", "1->2: publish", "N->N+1: publish", "N->N-1: publish",
                                "2->1: publish", "1->0: disable_key; publish"})
    text += (own.substr(0, own.find(':')) == line.substr(0, line.find(':')) ? line : own) + "\n";
  auto parsed = tp::parse_protocol(text);
  if (const auto* error = std::get_if<tp::ProtocolError>(&parsed)) ADD_FAILURE() << error->message;
  return core_subject(std::get<tp::Protocol>(std::move(parsed)));
}

std::string text_of(const Verdict& verdict) { return verdict ? token(*verdict) : "clean"; }

std::string under_lockstep(Subject& subject, const Sequence& sequence) {
  return text_of(Executor(subject).run(sequence).verdict);
}

std::string under_threads(Subject& subject, const Sequence& sequence) {
  return text_of(Executor(subject, nullptr, EngineKind::threads).run(sequence).verdict);
}

// The first violation of a number of runs.
std::string under_stress(Subject& subject, const Sequence& sequence, int runs = kStressRuns) {
  StressExecutor executor(subject);
  Random random(1);
  for (int i = 0; i < runs; ++i)
    if (const Verdict verdict = executor.run(sequence, random)) return text_of(verdict);
  return "clean";
}

struct Case {
  const char* name;
  const char* line;      ///< of the protocol: what is wrong
  const char* sequence;  ///< shows it
  const char* token;     ///< under lockstep and threads
};

class EmptyHitTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override { ASSERT_EQ(prepare(), std::nullopt); }
};

// A key that bounces while probes are registered.
INSTANTIATE_TEST_SUITE_P(
    Bounces, EmptyHitTest,
    testing::Values(Case{"OnOneToTwo", "1->2: disable_key; publish; enable_key",
                         "w0 register a\nw0 register b park@disable_key 1\nr0 hit\n", "snapshot-1->2-none"},
                    Case{"OnMore", "N->N+1: disable_key; publish; enable_key",
                         "w0 register a\nw0 register b\nw0 register c park@disable_key 1\nr0 hit\n",
                         "snapshot-N->N+1-none"},
                    Case{"OnFewer", "N->N-1: disable_key; publish; enable_key",
                         "w0 register a\nw0 register b\nw0 register c\nw0 unregister a park@disable_key 1\nr0 hit\n",
                         "snapshot-N->N-1-none"},
                    Case{"OnTwoToOne", "2->1: publish; disable_key; enable_key",
                         "w0 register a\nw0 register b\nw0 unregister a park@disable_key 1\nr0 hit\n",
                         "snapshot-2->1-none"},
                    Case{"AtTheFirstInt3", "1->2: disable_key; publish; enable_key",
                         "w0 register a\nw0 register b park@trapped 1\nr0 hit\n", "snapshot-1->2-none"}),
    [](const auto& info) { return info.param.name; });

TEST_P(EmptyHitTest, IsFoundByEachEngine) {
  const Case& its = GetParam();
  const auto subject = iterator_with(its.line);
  const Sequence sequence = parse(its.sequence);
  EXPECT_EQ(under_lockstep(*subject, sequence), its.token);
  EXPECT_EQ(under_threads(*subject, sequence), its.token);
  EXPECT_NE(under_stress(*subject, sequence), "clean");
}

TEST_P(EmptyHitTest, IsNoneUnderTheCorrectTwin) {
  const auto subject = iterator_with("1->0: disable_key; publish");
  const Sequence sequence = parse(GetParam().sequence);
  EXPECT_EQ(under_lockstep(*subject, sequence), "clean");
  EXPECT_EQ(under_threads(*subject, sequence), "clean");
  EXPECT_EQ(under_stress(*subject, sequence, 1000), "clean");
}

class AnEmptyHit : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(prepare(), std::nullopt); }
};

// The key is off from the begin of 0->1 to some instant of it, and again from some instant of 1->0 on: whatever the key
// does meanwhile, an empty list is among what a hit may have seen.
TEST_F(AnEmptyHit, IsRightWhileTheFirstProbeComesOrTheLastGoes) {
  const Sequence comes = parse("w0 register a park@publish 1 park@disable_key 1\nr0 hit\nr1 hit\nw0 sync\nr0 hit\n");
  const Sequence goes = parse("w0 register a\nw0 unregister a park@disable_key 1 park@enable_key 1\nr0 hit\nr1 hit\n");
  for (const char* line : {"0->1: publish; enable_key", "0->1: publish; enable_key; disable_key; enable_key"})
    EXPECT_EQ(under_lockstep(*iterator_with(line), comes), "clean") << line;
  for (const char* line : {"1->0: disable_key; publish", "1->0: disable_key; enable_key; publish; disable_key",
                           "1->0: publish; disable_key"})
    EXPECT_EQ(under_lockstep(*iterator_with(line), goes), "clean") << line;
}

// A hit that begins after `register` has returned sees the probe. r1 stands in its section, so that no CPU looks at the
// tracepoint at rest.
TEST_F(AnEmptyHit, IsWrongOnceRegisterHasReturned) {
  const auto subject = iterator_with("0->1: enable_key; publish; disable_key");
  const Sequence sequence = parse("w0 register c park@enable_key 1\nr1 hit park@loaded 9\nr0 hit\n");
  EXPECT_EQ(under_lockstep(*subject, sequence), "snapshot-0->1-none");
  EXPECT_EQ(under_threads(*subject, sequence), "snapshot-0->1-none");
}

}  // namespace
}  // namespace tpfuzz
