// Readers that are delayed in the trap handler, and what a handler keeps of the update under way.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/testing/search.h"

namespace tpfuzz {
namespace {

using tp::Point;

Sequence sequence_of(const std::string& lines) {
  auto parsed = parse_text("tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\n" + lines);
  const auto* error = std::get_if<Error>(&parsed);
  if (error != nullptr) ADD_FAILURE() << error->line << ": " << error->message;
  return error != nullptr ? Sequence{} : std::get<Sequence>(parsed);
}

std::unique_ptr<Subject> subject_with(tp::TrapHandler handler) {
  tp::Protocol protocol = tp::shipped_protocol("cookies");
  protocol.trap = handler;
  return core_subject(std::move(protocol));
}

std::string verdict_of(const Verdict& verdict) { return verdict ? std::string(name(verdict->invariant)) : "clean"; }

// What the reader does in the trap of the branch, or of the call, while the update ends.
constexpr const char* kAtKey = "w0 register a park@trapped#2 1\nr0 hit park@trapped-in 1\n";
constexpr const char* kAtCall = "w0 register a\nw0 register b park@trapped 1\nr0 hit park@trapped-in 1\n";

class Traps : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }

  // Under which engine a violation is looked for.
  static std::string run(tp::TrapHandler handler, const std::string& lines, EngineKind engine = EngineKind::lockstep) {
    const auto subject = subject_with(handler);
    return verdict_of(Executor(*subject, nullptr, engine).run(sequence_of(lines)).verdict);
  }
};

bool stood_at(const Trace& trace, Point point) {
  return std::ranges::any_of(trace.events(), [point](const Event& event) {
    return event.kind == Event::Kind::parked && event.point == point;
  });
}

TEST_F(Traps, AReaderStandsInTheTrapOfTheBranchAndOfTheCall) {
  for (const EngineKind engine : {EngineKind::lockstep, EngineKind::threads})
    for (const char* lines : {kAtKey, kAtCall}) {
      const auto subject = subject_with(tp::TrapHandler::stateless);
      Executor executor(*subject, nullptr, engine);
      const Execution execution = executor.run(sequence_of(lines));
      EXPECT_EQ(verdict_of(execution.verdict), "clean") << lines;
      EXPECT_TRUE(stood_at(execution.trace, Point::trapped_in)) << lines;
    }
}

// The second event of the hit: it has trapped, and has not decided. So it runs what stands there when it goes on.
TEST_F(Traps, WhoStoodInATrapRunsWhatTheSiteHoldsThen) {
  const auto subject = subject_with(tp::TrapHandler::stateless);
  Executor executor(*subject);
  const auto calls = [&](const std::string& lines) {
    int calls = 0;
    const Execution execution = executor.run(sequence_of(lines));
    EXPECT_EQ(verdict_of(execution.verdict), "clean");
    for (const Event& event : execution.trace.events()) calls += event.kind == Event::Kind::called ? 1 : 0;
    return calls;
  };
  EXPECT_EQ(calls("w0 register a park@trapped#2 1\nr0 hit park@trapped-in 1\n"), 1) << "the branch is on";
  EXPECT_EQ(calls("w0 register a park@trapped#2 1\nr0 hit park@trapped-in 2\nw0 unregister a\n"), 0)
      << "it is off again: a second update has ended";
  EXPECT_EQ(calls("w0 register a park@trapped#2 1\nr0 hit park@trapped-in 2\nw0 unregister a park@trapped 1\n"), 0)
      << "a second update is under way, and is answered for";
}

TEST_F(Traps, ADelayBeforeWhatIsPendingIsLoadedDecidesNothing) {
  EXPECT_EQ(run(tp::TrapHandler::stateless, "w0 register a park@trapped#2 1\nr0 hit park@load-pending 1\n"), "clean");
  const auto subject = subject_with(tp::TrapHandler::stateless);
  Executor executor(*subject);
  EXPECT_TRUE(stood_at(executor.run(sequence_of("w0 register a park@trapped#2 1\nr0 hit park@load-pending 1\n")).trace,
                       Point::load_pending));
}

// Seven arguments, of which one is on the stack and one in xmm0, go through a trap of the call.
TEST_F(Traps, TheArgumentsOfACallThatTrapsArriveAsTheyWere) {
  for (const char* point : {"trapped-in", "load-pending"})
    for (const char* change : {"register b", "unregister a"})
      EXPECT_EQ(run(tp::TrapHandler::stateless, "w0 register a tp=3\nw0 " + std::string(change) + " tp=3 park@trapped" +
                                                    (change[0] == 'u' ? "#2" : "") + " 2\nr0 hit tp=3 park@" + point +
                                                    " 1\n"),
                "clean");
}

TEST_F(Traps, ATraceWithoutDelaysInTrapsDoesNotTellOfThem) {
  for (const char* at : {"trapped#2", "tailed#2"}) {
    const std::string lines = "w0 register a park@" + std::string(at) + " 1\nr0 hit park@loaded 1\n";
    const auto plain = subject_with(tp::TrapHandler::stateless);
    Executor executor(*plain);
    const std::uint64_t hash = executor.run(sequence_of(lines)).trace.hash();
    const auto counted = subject_with(tp::TrapHandler::counted);
    Executor other(*counted);
    EXPECT_EQ(other.run(sequence_of(lines)).trace.hash(), hash) << "the handler of a descriptor answers the same";
  }
}

// A wrong handler, a sequence that shows it, and the right handler that stays silent on that.
struct Pair {
  tp::TrapHandler broken;
  tp::TrapHandler fixed;
  const char* lines;
};

constexpr Pair kPairs[] = {
    // The count is not 0, and then the vector is gone.
    {tp::TrapHandler::uncounted, tp::TrapHandler::counted,
     "w0 register a park@trapped#2 1\nr0 hit park@load-pending#3 1\n"},
    // The count is not 0, and then the vector is NULL.
    {tp::TrapHandler::cleared_first, tp::TrapHandler::rendezvous,
     "w0 register a park@trapped#2 1\nr0 hit park@load-pending#2 1\n"},
    // The pointer is loaded, and then what it leads to is gone.
    {tp::TrapHandler::counted_inside, tp::TrapHandler::counted,
     "w0 register a park@trapped#2 1\nr0 hit park@load-pending#2 1\n"},
    // The int3s of both call sites stand, and the descriptor is not there yet.
    {tp::TrapHandler::published_late, tp::TrapHandler::counted,
     "w0 register a\nw0 register b park@store-pending#3 1\nr0 hit\n"},
    // It has trapped, and then the hook is cleared.
    {tp::TrapHandler::hook, tp::TrapHandler::hook_rendezvous, kAtKey},
};

// Whose mistake a sanitizer reports, which ends the process: what was freed is read.
bool ends_process(tp::TrapHandler handler) {
  const bool reads_freed = handler == tp::TrapHandler::uncounted || handler == tp::TrapHandler::counted_inside;
  return reads_freed && (kAddressSanitizer || kThreadSanitizer);
}

TEST_F(Traps, EachWrongHandlerFaultsAndItsRightTwinIsSilent) {
  for (const EngineKind engine : {EngineKind::lockstep, EngineKind::threads})
    for (const Pair& pair : kPairs) {
      SCOPED_TRACE(std::string(tp::name(pair.broken)) + pair.lines);
      EXPECT_EQ(run(pair.fixed, pair.lines, engine), "clean");
      if (ends_process(pair.broken)) {
        if (kAddressSanitizer && engine == EngineKind::lockstep)
          EXPECT_DEATH(run(pair.broken, pair.lines, engine), "heap-use-after-free");
        continue;
      }
      EXPECT_EQ(run(pair.broken, pair.lines, engine), "fault");
    }
}

// The vector is cleared, the count is not: the writer stands between the two, and the reader has trapped before.
TEST_F(Traps, AVectorThatIsClearedBeforeTheCountIsFoundByWhoComesInBetween) {
  const auto lines = [](int nth) {
    return "w0 register a park@trapped#2 1 park@store-pending#" + std::to_string(nth) +
           " 1\nr0 hit park@trapped-in 1\n";
  };
  int faults = 0;
  for (int nth = 1; nth <= kMaxNth; ++nth) {
    faults += run(tp::TrapHandler::cleared_first, lines(nth)) == "fault" ? 1 : 0;
    EXPECT_EQ(run(tp::TrapHandler::rendezvous, lines(nth)), "clean") << nth;
  }
  EXPECT_EQ(faults, 1);
}

// The writer waits for the handler that has a reference, and says so.
TEST_F(Traps, TheWriterWaitsForAReference) {
  const auto subject = subject_with(tp::TrapHandler::counted);
  Executor executor(*subject);
  const Execution execution =
      executor.run(sequence_of("w0 register a park@trapped#2 1\nr0 hit park@load-pending#3 9\nr1 hit tp=1\n"));
  EXPECT_EQ(verdict_of(execution.verdict), "clean");
  EXPECT_TRUE(std::ranges::any_of(execution.trace.events(), [](const Event& event) {
    return event.kind == Event::Kind::waits && event.cpu == 0 && event.func == kTraps;
  }));
}

constexpr tp::TrapHandler kRight[] = {tp::TrapHandler::stateless, tp::TrapHandler::counted, tp::TrapHandler::rendezvous,
                                      tp::TrapHandler::hook_rendezvous};

TEST_F(Traps, SearchesFindEachWrongHandlerSoonAndNothingInTheRightOnes) {
  constexpr int kBudget = 20'000;
  for (const Pair& pair : kPairs) {
    if (ends_process(pair.broken)) continue;
    const auto subject = subject_with(pair.broken);
    Executor executor(*subject);
    const SearchResult found = search(executor, 1, kBudget, &go_on_with_traps);
    EXPECT_GT(found.executions, 0) << tp::name(pair.broken);
    EXPECT_EQ(verdict_of(found.verdict), "fault") << tp::name(pair.broken);
  }
  for (const tp::TrapHandler handler : kRight) {
    const auto subject = subject_with(handler);
    Executor executor(*subject);
    const SearchResult found = search(executor, 2, kBudget, &go_on_with_traps);
    EXPECT_EQ(found.executions, 0) << tp::name(handler) << '\n' << to_text(found.sequence);
  }
}

TEST_F(Traps, ThreadsGiveTheTracesOfLockstep) {
  constexpr int kSequences = 300;
  for (const tp::TrapHandler handler : kRight) {
    const auto subject = subject_with(handler);
    Executor lockstep(*subject), threads(*subject, nullptr, EngineKind::threads);
    Random random(3);
    Sequence sequence;
    for (int i = 0; i < kSequences; ++i) {
      go_on_with_traps(sequence, random);
      const Execution expected = lockstep.run(sequence);
      const std::uint64_t hash = expected.trace.hash();
      const std::string verdict = verdict_of(expected.verdict);
      const Execution execution = threads.run(sequence);
      EXPECT_EQ(verdict_of(execution.verdict), verdict) << tp::name(handler) << '\n' << to_text(sequence);
      if (execution.divergences.empty())
        EXPECT_EQ(execution.trace.hash(), hash) << tp::name(handler) << '\n' << to_text(sequence);
    }
  }
}

TEST_F(Traps, RightHandlersAreCleanUnderStress) {
  for (const tp::TrapHandler handler : kRight) {
    const auto subject = subject_with(handler);
    StressExecutor executor(*subject);
    Random random(4);
    for (int i = 0; i < 200; ++i)
      EXPECT_EQ(verdict_of(executor.run(sequence_of("w0 register a park@trapped#2 8\nw0 register b park@trapped 8\n"
                                                    "w0 unregister a park@trapped 8\nw0 unregister b park@trapped 8\n"
                                                    "r0 hit park@trapped-in 4\nr1 hit park@load-pending#2 4\n"),
                                        random)),
                "clean")
          << tp::name(handler);
  }
}

}  // namespace
}  // namespace tpfuzz
