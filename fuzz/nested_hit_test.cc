// Hits from within a probe: in each engine, with mistakes that show in the nested hit or in the one around it, and
// under correct twins.
#include <gtest/gtest.h>

#include <algorithm>

#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/subject/puzzle.h"

namespace tpfuzz {
namespace {

constexpr int kStressRuns = 2'000;

Sequence parse(const std::string& lines) {
  auto parsed = parse_text(
      "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\nprobe c func=2 data=2 prio=30\n" +
      lines);
  if (const auto* error = std::get_if<Error>(&parsed)) ADD_FAILURE() << error->line << ": " << error->message;
  return std::get<Sequence>(parsed);
}

std::unique_ptr<Subject> subject_named(std::string_view name) {
  const Puzzle* const puzzle = puzzle_named(name);
  return puzzle != nullptr ? puzzle_subject(*puzzle) : core_subject(tp::shipped_protocol(name));
}

std::string token_of(Subject& subject, const Sequence& sequence, EngineKind kind) {
  const Verdict verdict = Executor(subject, nullptr, kind).run(sequence).verdict;
  return verdict ? token(*verdict) : "clean";
}

// What a trace tells of hits: "a(1b)" is a call of a, which hits tracepoint 1, where b is called.
std::string hits_of(const Trace& trace) {
  std::string hits;
  for (const Event& event : trace.events()) {
    if (event.kind == Event::Kind::called) hits += static_cast<char>('a' + event.func);
    if (event.kind == Event::Kind::nested) hits += '(' + std::to_string(event.data);
    if (event.kind == Event::Kind::unnested) hits += ')';
  }
  return hits;
}

struct Case {
  const char* name;
  const char* subject;
  const char* sequence;
  const char* token;
};

class NestedHitTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override { ASSERT_EQ(prepare(), std::nullopt); }
};

// `#2` is the nested hit's passing: the outer one has passed the point before.
INSTANTIATE_TEST_SUITE_P(
    Mistakes, NestedHitTest,
    testing::Values(
        Case{"TheNestedReaderIsDelayed", "352384d",
             "w0 register a\nw0 register b tp=1\nr0 hit nested=1 park@loaded#2 2\nw0 unregister b tp=1\n"
             "w0 register c tp=1\n",
             "pairing-0->1-loaded"},
        Case{"TheOuterReaderIsDelayed", "352384d",
             "w0 register a\nw0 register b tp=1\nr0 hit nested=1 park@loaded 2\nw0 unregister a\nw0 register c\n",
             "pairing-0->1-loaded"},
        Case{"TheOuterIteratorLosesItsPlace", "iterator-position-shared",
             "w0 register a\nw0 register b\nw0 register a tp=1\nw0 register b tp=1\nr0 hit nested=1\n",
             "snapshot-1->2-called"},
        Case{"TheNestedHitIsSkipped", "nested-hit-skipped", "w0 register a\nw0 register b tp=1\nr0 hit nested=1\n",
             "snapshot-0->1-dispatched"},
        Case{"TheOuterSectionEndsEarly", "sections-do-not-nest",
             "w0 register a\nw0 register b tp=1\nr0 hit nested=1 park@unlocked 2\nw0 unregister a\nw0 sync\n",
             "grace-0->1-unlocked"}),
    [](const auto& info) { return info.param.name; });

TEST_P(NestedHitTest, ShowsInLockstepAndWithThreads) {
  const auto subject = subject_named(GetParam().subject);
  const Sequence sequence = parse(GetParam().sequence);
  EXPECT_EQ(token_of(*subject, sequence, EngineKind::lockstep), GetParam().token);
  EXPECT_EQ(token_of(*subject, sequence, EngineKind::threads), GetParam().token);
}

// An execution may end inside a nested hit.
TEST_P(NestedHitTest, LeavesNothingToTheNextExecution) {
  const auto subject = subject_named(GetParam().subject);
  Executor executor(*subject);
  executor.run(parse(GetParam().sequence));
  const Execution next = executor.run(parse("w0 register a\nw0 register b\nr0 hit\n"));
  EXPECT_FALSE(next.verdict);
  EXPECT_EQ(hits_of(next.trace), "ba");
}

TEST_P(NestedHitTest, IsCleanUnderTheCore) {
  const Sequence sequence = parse(GetParam().sequence);
  for (const char* protocol : {"cookies", "worker", "iterator"}) {
    const auto subject = core_subject(tp::shipped_protocol(protocol));
    EXPECT_EQ(token_of(*subject, sequence, EngineKind::lockstep), "clean") << protocol;
    EXPECT_EQ(token_of(*subject, sequence, EngineKind::threads), "clean") << protocol;
    StressExecutor executor(*subject);
    Random random(1);
    for (int i = 0; i < kStressRuns; ++i) ASSERT_FALSE(executor.run(sequence, random)) << protocol;
  }
}

TEST_F(NestedHitTest, StressJudgesANestedPassByItself) {
  const auto subject = subject_named("nested-hit-skipped");
  StressExecutor executor(*subject);
  Random random(1);
  const Sequence sequence = parse("w0 register a\nw0 register b tp=1\nr0 hit nested=1\n");
  Verdict verdict;
  for (int i = 0; i < kStressRuns && !verdict; ++i) verdict = executor.run(sequence, random);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->invariant, Invariant::snapshot);
}

TEST_F(NestedHitTest, EachProbeHitsAndThoseCalledThereDoNot) {
  const auto subject = subject_named("cookies");
  Executor executor(*subject);
  const std::string both = "w0 register a\nw0 register b\nw0 register c tp=2\n";
  EXPECT_EQ(hits_of(executor.run(parse(both + "r0 hit nested=2\n")).trace), "b(2c)a(2c)");
  EXPECT_EQ(hits_of(executor.run(parse(both + "r0 hit tp=2 nested=0\n")).trace), "c(0ba)");
  EXPECT_EQ(hits_of(executor.run(parse(both + "r0 hit nested=1\n")).trace), "b(1)a(1)");
  EXPECT_EQ(hits_of(executor.run(parse(both + "r0 hit tp=1 nested=0\n")).trace), "");
  EXPECT_EQ(hits_of(executor.run(parse(both + "r0 hit\n")).trace), "ba");
}

}  // namespace
}  // namespace tpfuzz
