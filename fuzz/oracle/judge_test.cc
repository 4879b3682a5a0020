// Free runs as an engine would note them: each invariant broken once, and its silent twin.
#include "fuzz/oracle/judge.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <cerrno>

#include "fuzz/sequence/text.h"
#include "fuzz/subject/host.h"

namespace tpfuzz {
namespace {

using tp::Point;
using tp::Transition;

constexpr int kRegisterA = 0;
constexpr int kRegisterB = 1;
constexpr int kUnregisterA = 2;
constexpr int kHit = 3;

class JudgeTest : public testing::Test {
 protected:
  JudgeTest() {
    auto parsed = parse_text(
        "tpfuzz 1\n"
        "probe a func=0 data=0 prio=10\n"
        "probe b func=1 data=1 prio=20\n"
        "w0 register a\n"
        "w0 register b\n"
        "w0 unregister a\n"
        "r0 hit\n");
    sequence = std::get<Sequence>(std::move(parsed));
    // What a run of it gives: {}, {a}, {b, a}, {b}.
    run.registrations = {{kRegisterA, 0, {1}, {}, Point::enable_key},
                         {kRegisterB, 0, {}, {}, Point::publish},
                         {kUnregisterA, 0, {}, {}, Point::update_call}};
    run.observations[0] = {{{1, 1, 20, false}}, true, true, true, 1};
    for (std::size_t i = 1; i < kMaxTracepoints; ++i) run.observations[i] = {{}, false, true, true, 1};
    run.blocks = 1;
  }

  // A pass of r0: the versions that it may have seen, and the pairs that it called.
  void pass(unsigned ended, unsigned begun, std::initializer_list<std::pair<int, int>> calls) {
    Pass its;
    its.operation = kHit;
    its.ended = ended;
    its.begun = begun;
    its.enabled = 1;
    its.point = Point::called;
    for (const auto& [func, data] : calls)
      its.calls.push_back({static_cast<std::uint8_t>(func), static_cast<std::uint8_t>(data), Point::loaded});
    run.passes[0].push_back(its);
  }

  std::string verdict(const Rules& rules = {}) const {
    const Verdict verdict = judge(run, sequence, rules);
    return verdict ? token(*verdict) : "clean";
  }

  Sequence sequence;
  FreeRun run;
};

TEST_F(JudgeTest, HooksRunUnderTheMutex) {
  EXPECT_EQ(verdict(), "clean");
  run.registrations[0].hooked_without_mutex = true;
  EXPECT_EQ(verdict(), "hooks-0->1-enable_key");
}

TEST_F(JudgeTest, NoProbeIsCalledBeforeItIsEnabled) {
  pass(0, 1, {{0, 0}});
  EXPECT_EQ(verdict(), "clean");
  run.passes[0].back().enabled = 0;
  EXPECT_EQ(verdict(), "hooks-0->1-called");
}

TEST_F(JudgeTest, ANestedPassIsOneOfItsOwnTracepoint) {
  pass(1, 1, {});
  EXPECT_EQ(verdict(), "snapshot-0->1-called") << "a is registered with tracepoint 0";
  run.passes[0].back().tracepoint = 1;
  EXPECT_EQ(verdict(), "clean");
  pass(0, 0, {{0, 0}});
  run.passes[0].back().tracepoint = 1;
  EXPECT_EQ(verdict(), "snapshot-none-called");
}

TEST_F(JudgeTest, WhileAUserHoldsTheKeyHitsFindItOn) {
  pass(0, 0, {});
  EXPECT_EQ(verdict(), "clean");
  run.passes[0].back().held = true;
  EXPECT_EQ(verdict(), "key-none-called");
  run.passes[0].back().keyed = true;
  EXPECT_EQ(verdict(), "clean");
}

TEST_F(JudgeTest, AKeyThatIsHeldIsOnAtTheEnd) {
  run.held[1] = true;
  EXPECT_EQ(verdict(), "quiescent-none-none");
  run.observations[1].key_on = true;
  EXPECT_EQ(verdict(), "clean");
  run.held[1] = false;
  EXPECT_EQ(verdict(), "quiescent-none-none");
}

TEST_F(JudgeTest, ARunAsItShouldBeIsClean) {
  pass(0, 0, {});
  pass(0, 1, {});
  pass(0, 1, {{0, 0}});
  pass(1, 2, {{1, 1}, {0, 0}});
  pass(0, 3, {{1, 1}});
  EXPECT_EQ(verdict(), "clean");
}

TEST_F(JudgeTest, PairingIsOfWhatWasRegisteredTogether) {
  pass(1, 2, {{0, 1}});
  EXPECT_EQ(verdict(), "pairing-1->2-loaded");
}

TEST_F(JudgeTest, PairingIsOfWhatHadBeenRegisteredBefore) {
  pass(1, 1, {{1, 1}});
  EXPECT_EQ(verdict(), "pairing-0->1-loaded");
}

TEST_F(JudgeTest, ArgumentsAreThoseThatWerePassed) {
  pass(1, 2, {{1, 1}, {0, 0}});
  EXPECT_EQ(verdict(), "clean");
  run.passes[0].back().calls[1].wrong_argument = {3, kGotNothing};
  EXPECT_EQ(verdict(), "arguments-1->2-loaded");
}

TEST_F(JudgeTest, SnapshotIsOneVersionOfTheWindow) {
  pass(2, 2, {{1, 1}});
  EXPECT_EQ(verdict(), "snapshot-1->2-called");
  run.passes[0].clear();
  pass(2, 3, {{1, 1}});
  EXPECT_EQ(verdict(), "clean");
}

TEST_F(JudgeTest, SnapshotIsInOrderAndWithoutRepetition) {
  pass(2, 2, {{0, 0}, {1, 1}});
  EXPECT_EQ(verdict(), "snapshot-1->2-called");
  run.passes[0].clear();
  pass(1, 1, {{0, 0}, {0, 0}});
  EXPECT_EQ(verdict(), "snapshot-0->1-called");
}

TEST_F(JudgeTest, AHitThatCallsNothingNeedsAnEmptyVersion) {
  pass(1, 3, {});
  EXPECT_EQ(verdict(), "snapshot-2->1-called");
}

TEST_F(JudgeTest, AnEntryStubbedInPlaceMayBeCalledOrNot) {
  sequence.operations[kUnregisterA].fail = 1;
  run.observations[0].entries = {{1, 1, 20, false}, {.stub = true}};
  pass(2, 3, {{1, 1}, {0, 0}});
  pass(2, 3, {{1, 1}});
  EXPECT_EQ(verdict(), "clean");
  pass(2, 3, {{0, 0}});
  EXPECT_EQ(verdict(), "snapshot-1->2-called");
}

TEST_F(JudgeTest, ProbesOfOneRemovalGoAtOnceWhereTheSubjectSaysSo) {
  sequence.operations[kUnregisterA].probes = 0b11;
  for (Observation& observation : run.observations) observation = {{}, false, true, true, 0};
  run.registrations[kUnregisterA].disabled = {1};
  run.blocks = 0;
  pass(2, 3, {{1, 1}, {0, 0}});
  pass(2, 3, {});
  EXPECT_EQ(verdict(), "clean");
  pass(2, 3, {{1, 1}});
  EXPECT_EQ(verdict(), "snapshot-1->0-called");
  EXPECT_EQ(verdict({.removes_at_once = false}), "clean");
  pass(2, 3, {{0, 0}, {1, 1}});
  EXPECT_EQ(verdict({.removes_at_once = false}), "snapshot-1->0-called");
}

TEST_F(JudgeTest, GraceIsOfWhatASyncTookAway) {
  pass(1, 2, {{0, 0}});
  run.passes[0].back().late = true;
  EXPECT_EQ(verdict(), "grace-1->2-called");
}

TEST_F(JudgeTest, FaultsHaveTheirInvariants) {
  run.faults[2] = {SIGSEGV, Point::dispatched};
  EXPECT_EQ(verdict(), "fault-none-dispatched");
  run.faults[2]->signal = SIGTRAP;
  EXPECT_EQ(verdict(), "grace-none-dispatched");
  run.faults[2]->signal = FreeRun::kStuck;
  EXPECT_EQ(verdict(), "progress-none-dispatched");
}

TEST_F(JudgeTest, ResultsAreTheModelsInTheOrderOfTheMutex) {
  run.registrations[1].result = -EEXIST;
  EXPECT_EQ(verdict(), "result-1->2-publish");
}

TEST_F(JudgeTest, HooksRunOncePerChange) {
  run.registrations[0].enabled[0] = 2;
  EXPECT_EQ(verdict(), "hooks-0->1-enable_key");
}

TEST_F(JudgeTest, TheEndIsTheLastVersion) {
  run.observations[0].entries = {{0, 0, 10, false}};
  EXPECT_EQ(verdict(), "quiescent-2->1-none");
}

TEST_F(JudgeTest, NothingLeaks) {
  run.blocks = 2;
  EXPECT_EQ(verdict(), "quiescent-2->1-none");
}

TEST_F(JudgeTest, WithoutTheMutexThereAreNoVersions) {
  run.serialized = false;
  run.registrations.erase(run.registrations.begin());
  run.blocks = 2;
  pass(2, 2, {{0, 0}});
  EXPECT_EQ(verdict(), "clean");
  pass(2, 2, {{0, 1}});
  EXPECT_EQ(verdict().substr(0, 7), "pairing");
}

TEST_F(JudgeTest, WithoutTheMutexTheRestIsJudged) {
  run.serialized = false;
  pass(1, 2, {{0, 0}});
  EXPECT_EQ(verdict(), "clean");
  run.passes[0].back().late = true;
  EXPECT_EQ(verdict().substr(0, 5), "grace");
  run.passes[0].clear();
  run.faults[2] = {SIGSEGV, Point::dispatched};
  EXPECT_EQ(verdict(), "fault-none-dispatched");
  run.faults[2]->signal = FreeRun::kStuck;
  EXPECT_EQ(verdict(), "progress-none-dispatched");
}

}  // namespace
}  // namespace tpfuzz
