// Whole executions on the core: what each invariant finds, and the correct twin on which it stays silent; the same
// trace for the same input; nothing found in correct protocols.
#include "fuzz/execute.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/mutate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/subject/puzzle.h"
#include "fuzz/subject/sanitizer.h"
#include "fuzz/testing/search.h"

namespace tpfuzz {
namespace {

Sequence parse(const std::string& text) {
  auto parsed = parse_text(
      "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\nprobe c func=0 data=2\n" + text);
  if (const auto* error = std::get_if<Error>(&parsed)) ADD_FAILURE() << error->line << ": " << error->message;
  return std::get<Sequence>(parsed);
}

class ExecuteTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }

  static std::string token_of(Subject& subject, const std::string& text) {
    Executor executor(subject);
    const Verdict verdict = executor.run(parse(text)).verdict;
    return verdict ? token(*verdict) : "clean";
  }
  static std::unique_ptr<Subject> puzzle(std::string_view name) {
    const Puzzle& puzzle = *puzzle_named(name);
    return puzzle_subject(puzzle);
  }
  static std::string token_of(std::string_view protocol, const std::string& text) {
    return token_of(*core_subject(tp::shipped_protocol(protocol)), text);
  }
};

// One call, whose transitions run side by side; each step and each hook tells its tracepoint. (A wait that can end at
// once is passed once.)
TEST_F(ExecuteTest, ABatchRunsTheTransitionsOfItsTracepointsSideBySide) {
  const auto subject = core_subject(tp::shipped_protocol("cookies"));
  Executor executor(*subject);
  const Execution execution = executor.run(
      parse("w0 register a\nw0 register a tp=2\nw0 register b tp=2\nw0 unregister a tp=0, b tp=1, a tp=2 -> ENOENT\n"
            "r0 hit\nr0 hit tp=2\n"));
  EXPECT_FALSE(execution.verdict);
  std::string steps;
  for (const Event& event : execution.trace.events()) {
    if (event.operation != 3) continue;
    if (event.kind == Event::Kind::hooked) steps += fmt::format("hook@{} ", event.data);
    if (event.kind == Event::Kind::passed && (event.point == tp::Point::publish || event.point == tp::Point::trapped))
      steps += fmt::format("{}@{} ", tp::name(event.point), event.data);
  }
  EXPECT_EQ(steps, "hook@0 trapped@0 trapped@0 publish@0 publish@2 trapped@2 ");
}

// Of a transition that ends with a wait, the other has its end to do, too.
TEST_F(ExecuteTest, ABatchIsJudgedInEachOfItsTracepoints) {
  const std::string set_up = "w0 register a\nw0 register b\nw0 register a tp=1\nw0 register b tp=1\n";
  EXPECT_EQ(token_of("cookies", set_up + "w0 unregister b tp=0, b tp=1 park@before-await 2\nr0 hit tp=1\nr1 hit\n"),
            "clean");
  EXPECT_EQ(token_of("cookies", set_up + "w0 unregister a tp=0, b tp=1 fail=2\nr0 hit tp=1\nr0 hit\n"), "clean");
  // Where a call is parked at an access, stubs may be in place or not.
  for (int nth = 1; nth <= kMaxNth; ++nth)
    EXPECT_EQ(token_of("cookies", set_up + fmt::format("w0 unregister b fail=1 park@load-entry#{} 1\nr0 hit\n", nth)),
              "clean");
  // A stub is in place before the steps of the other tracepoint.
  EXPECT_EQ(token_of("cookies", set_up + "w0 unregister a tp=0, a,b tp=1 fail=1 park@publish 1\nr0 hit\n"), "clean");
  EXPECT_EQ(token_of("d25e37d", set_up + "r0 hit tp=1 park@loaded 1\nw0 unregister a tp=0, b tp=1\n"),
            "pairing-2->1-loaded");
  EXPECT_EQ(token_of(*puzzle("batch-forgets-tracepoint"), set_up + "w0 unregister b tp=0, b tp=1\n"),
            "quiescent-2->1-update_call");
  EXPECT_EQ(
      token_of(*puzzle("batch-awaits-once"), set_up + "r0 hit tp=1 park@loaded 1\nw0 unregister a tp=0, b tp=1\n"),
      "pairing-2->1-loaded");
}

// What each protocol of the history does wrong and the next one does not. (befe6d9 mends no violation: there an
// unregister without memory fails.)
TEST_F(ExecuteTest, EachOfTheHistoryMendsAMistakeOfTheOneBefore) {
  const struct {
    const char* protocol;
    const char* next;
    const char* text;
    const char* token;
  } history[] = {
      {"d25e37d", "547305a-v1", "w0 register a\nw0 register b\nr0 hit park@loaded 1\nw0 unregister b\n",
       "pairing-2->1-loaded"},
      {"547305a-v1", "547305a",
       "w0 register a\nw0 register b\nw0 unregister b park@synchronize 1\nr0 hit park@loaded 1\n",
       "pairing-2->1-loaded"},
      {"547305a", "c8b186a",
       "w0 register a\nw0 register b\nr0 hit park@dispatched 2\nw0 unregister a\nw0 unregister b\n",
       "fault-1->0-dispatched"},
      {"befe6d9", "352384d", "w0 register a\nr0 hit park@locked 1\nw0 register b park@publish 1\n",
       "pairing-1->2-loaded"},
      {"352384d", "f7ec412", "w0 register a\nw0 register c prio=5\nr0 hit park@loaded 1\nw0 unregister a\n",
       "snapshot-2->1-called"},
      {"f7ec412", "231264d", "w0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 register b\n",
       "pairing-0->1-loaded"},
  };
  for (const auto& [protocol, next, text, token] : history) {
    EXPECT_EQ(token_of(protocol, text), token) << protocol << "\n" << text;
    EXPECT_EQ(token_of(next, text), "clean") << next << "\n" << text;
  }
}

TEST_F(ExecuteTest, GraceFindsATouchOfDataThatIsGoneAndIsSilentWhereSyncWaits) {
  if (kThreadSanitizer) GTEST_SKIP() << "ThreadSanitizer reports the race before";
  // Delayed in the function, until it and its data are taken away.
  const std::string text = "w0 register a\nr0 hit park@dispatched 2\nw0 unregister a\nw0 sync\n";
  EXPECT_EQ(token_of(*puzzle("sync-without-wait"), text), "grace-0->1-dispatched");
  EXPECT_EQ(token_of("cookies", text), "clean");
}

TEST_F(ExecuteTest, GraceFindsALateCallOfAFunctionThatIsGone) {
  if (kThreadSanitizer) GTEST_SKIP() << "ThreadSanitizer reports the race before";
  std::string late(protocol_text(*puzzle_named("sync-without-wait")));
  constexpr std::string_view kStep = "call_iterator; ";
  late.erase(late.find(kStep), kStep.size());  // the call still goes to the function
  const std::string text = "w0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 sync\n";
  EXPECT_EQ(token_of(*subject_of(std::get<tp::Protocol>(tp::parse_protocol(late, dialect()))), text),
            "grace-0->1-loaded");
  EXPECT_EQ(token_of(*puzzle("call-left-on-last-probe"), text), "clean");
}

TEST_F(ExecuteTest, ASyncTakesWhatNobodyUsesAndTheNextRegistrationBringsFreshOnes) {
  std::string text;
  for (int i = 0; i < 12; ++i) text += "w0 register a -> 0\nr0 hit\nw0 unregister a -> 0\nw0 sync\nr0 hit\n";
  for (const std::string& protocol : tp::shipped_names(tp::Protocol::Status::correct))
    EXPECT_EQ(token_of(protocol, text), "clean");
}

// The mistake of an owner who waits for the wrong readers; under a protocol that is right for both.
TEST_F(ExecuteTest, GraceFindsASyncThatWaitsForOtherReaders) {
  if (kThreadSanitizer) GTEST_SKIP() << "ThreadSanitizer reports the race before";
  const std::string faultable = "tracepoint 0 faultable\n";
  for (const auto& [protocol, point] : {std::pair("cookies-own", "dispatched"), {"iterator", "iterating"}}) {
    const auto with = [&](const std::string& sync) {
      return std::string("w0 register a\nr0 hit park@") + point + " 2\nw0 unregister a\nw0 " + sync + "\n";
    };
    const std::string token = std::string("grace-0->1-") + point;
    EXPECT_EQ(token_of(protocol, faultable + with("sync rcu")), token);
    EXPECT_EQ(token_of(protocol, with("sync tasks")), token);
    for (const char* right : {"sync", "sync tasks", "sync rcu tasks"})
      EXPECT_EQ(token_of(protocol, faultable + with(right)), "clean") << right;
    for (const char* right : {"sync", "sync rcu"}) EXPECT_EQ(token_of(protocol, with(right)), "clean") << right;
  }
}

// What the kernel's protocol has no wait for: three registrations and removals.
TEST_F(ExecuteTest, AFaultableReaderIsNotWaitedForUnderCookies) {
  const std::string text = "w0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 register b\n";
  EXPECT_EQ(token_of("cookies", text), "clean");
  EXPECT_EQ(token_of("cookies", "tracepoint 0 faultable\n" + text), "pairing-0->1-loaded");
  EXPECT_EQ(token_of("cookies", "tracepoint 1 faultable\n" + text), "clean");
  EXPECT_EQ(token_of("cookies-own", "tracepoint 0 faultable\n" + text), "clean");
}

// Of one run nothing is left to the next.
TEST_F(ExecuteTest, WhatIsFaultableIsSaidByEachSequence) {
  const std::string text = "w0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 register b\n";
  const auto subject = core_subject(tp::shipped_protocol("cookies"));
  EXPECT_EQ(token_of(*subject, "tracepoint 0 faultable\n" + text), "pairing-0->1-loaded");
  EXPECT_EQ(token_of(*subject, text), "clean");
}

// With shared cookies the one of a faultable tracepoint takes the place of an ordinary one's.
TEST_F(ExecuteTest, ASharedCookieIsOfItsLatestSnapshotAlone) {
  const auto shared = [](const std::string& domains) {
    return core_subject(std::get<tp::Protocol>(tp::parse_protocol(
        "protocol shared\n0->1: await removed; update_call; publish; enable_key\n1->2: publish\nN->N+1: publish\n"
        "N->N-1: publish\n2->1: publish\n1->0: disable_key; call_iterator; publish; snapshot removed " +
        domains)));
  };
  const std::string text =
      "tracepoint 1 faultable\nw0 register a tp=1\nw0 register a\nr0 hit park@loaded 3\nw0 unregister a\n"
      "w0 unregister a tp=1\nw0 register b\n";
  EXPECT_EQ(token_of(*shared("own"), text), "pairing-0->1-loaded");
  EXPECT_EQ(token_of(*shared("rcu tasks"), text), "clean");
}

// The events of waits and sections say whose they are.
TEST_F(ExecuteTest, ATraceNamesTheDomains) {
  const auto subject = core_subject(tp::shipped_protocol("cookies"));
  Executor executor(*subject);
  const Execution execution = executor.run(parse(
      "tracepoint 0 faultable\nw0 register a\nw0 register a tp=1\nr1 hit tp=1 park@loaded 9\nr0 hit park@loaded 9\n"
      "w0 sync\n"));
  std::vector<int> waits, sections;
  for (const Event& event : execution.trace.events()) {
    if (event.kind == Event::Kind::waits) waits.push_back(event.func);
    if (event.kind == Event::Kind::passed && event.point == tp::Point::locked) sections.push_back(event.func);
  }
  EXPECT_EQ(sections, (std::vector<int>{0, 1}));
  EXPECT_EQ(waits, (std::vector<int>{0, 1}));
}

TEST_F(ExecuteTest, AnArrayIsFreedAfterItsOwnReaders) {
  const std::string text = "w0 register a\nw0 register b\nr0 hit park@iterating 1\nw0 register c\nw0 sync\n";
  for (const char* protocol : {"cookies-own", "iterator"})
    for (const char* readers : {"", "tracepoint 0 faultable\n"})
      EXPECT_EQ(token_of(protocol, readers + text), "clean") << protocol << readers;
  if (kAddressSanitizer || kThreadSanitizer) return;  // whose report ends the process
  EXPECT_NE(token_of(*puzzle("freed-at-once"), "tracepoint 0 faultable\n" + text), "clean");
}

// `cookies-own` with further lines in place of its own.
std::unique_ptr<Subject> with_lines(const std::string& lines) {
  std::string text(tp::shipped_text("cookies-own"));
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line); text += line + '\n') {
    const std::size_t at = text.find("\n" + line.substr(0, line.find(':') + 1));
    if (at != text.npos) text.erase(at + 1, text.find('\n', at + 1) - at);
  }
  return core_subject(std::get<tp::Protocol>(tp::parse_protocol(text)));
}

// r0 runs through the array {a, b} while a third probe takes its place.
TEST_F(ExecuteTest, AProtocolSaysForWhomAnOldArrayStays) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "whose report ends the process";
  const std::string text = "w0 register a\nw0 register b\nr0 hit park@iterating 1\nw0 register c\nr1 hit\nw0 sync\n";
  const struct {
    const char* free;
    const char* ordinary;
    const char* faultable;
  } rules[] = {
      {"own", "clean", "clean"},
      {"rcu", "clean", "fault-N->N+1-iterating"},
      {"tasks", "fault-N->N+1-iterating", "clean"},
      {"rcu tasks", "clean", "clean"},
      {"own rcu", "clean", "clean"},
      {"at-once", "fault-N->N+1-iterating", "fault-N->N+1-iterating"},
      {"never", "quiescent-1->2-snapshot", "quiescent-1->2-snapshot"},
  };
  for (const auto& [free, ordinary, faultable] : rules) {
    const auto subject = with_lines(std::string("free: ") + free + "\n");
    for (const EngineKind engine : {EngineKind::lockstep, EngineKind::threads}) {
      Executor executor(*subject, nullptr, engine);
      const auto found = [&](const std::string& readers) {
        const Verdict verdict = executor.run(parse(readers + text)).verdict;
        return verdict ? token(*verdict) : "clean";
      };
      EXPECT_EQ(found(""), ordinary) << free;
      EXPECT_EQ(found("tracepoint 0 faultable\n"), faultable) << free;
    }
  }
}

// By a cookie: right if it is taken after each publish, of the tracepoint's own readers. r0 comes between a snapshot
// that is too early and the publish.
TEST_F(ExecuteTest, AnArrayMayGoByACookie) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "whose report ends the process";
  const auto after = [](const std::string& publish) {
    return with_lines("0->1: await removed; update_call; " + publish + "; enable_key\n1->2: update_call; " + publish +
                      "\nN->N+1: " + publish + "\nN->N-1: " + publish + "\n2->1: " + publish +
                      "; await changed; update_call\n1->0: disable_key; call_iterator; " + publish +
                      "; snapshot removed own\nfree: after changed\n");
  };
  const std::string pending = "w0 register a\nw0 register b\n";
  const std::string between = pending + "w0 register c park@before-publish 1\nr0 hit park@iterating 1\n";
  const std::string before = pending + "r0 hit park@iterating 1\nw0 register c\n";
  const std::string faultable = "tracepoint 0 faultable\n";
  const std::string right = "publish; snapshot changed own";
  // After an await nothing is pending, and nothing is waited for: right, as the wait was for the same readers.
  const std::string awaited = pending + "r0 hit park@iterating 1\nw0 unregister a\n";
  for (const std::string& text : {between, before, awaited}) {
    EXPECT_EQ(token_of(*after(right), text), "clean") << text;
    EXPECT_EQ(token_of(*after(right), faultable + text), "clean") << text;
  }
  const std::string early = "snapshot changed own; publish";
  EXPECT_EQ(token_of(*after(early), between), "fault-N->N+1-iterating");
  EXPECT_EQ(token_of(*after(early), before), "clean");
  const std::string of_ordinary = "publish; snapshot changed";
  EXPECT_EQ(token_of(*after(of_ordinary), before), "clean");
  EXPECT_EQ(token_of(*after(of_ordinary), faultable + before), "fault-N->N+1-iterating");
}

TEST_F(ExecuteTest, CorrectProtocolsFreeRightlyWithTheRuleForBothKinds) {
  const auto subject = with_lines("free: rcu tasks\n");
  Executor executor(*subject);
  EXPECT_EQ(search_with_both_readers(executor, 5, 3'000).executions, 0);
}

// What an owner does who forgets the wait, or waits for the wrong readers; under a protocol that is right for both.
TEST_F(ExecuteTest, GraceFindsAFreeThatDoesNotWaitForTheReaders) {
  if (kThreadSanitizer) GTEST_SKIP() << "ThreadSanitizer reports the race before";
  const std::string faultable = "tracepoint 0 faultable\n";
  for (const auto& [protocol, point] : {std::pair("cookies-own", "dispatched"), {"iterator", "iterating"}}) {
    const auto with = [&](const std::string& free) {
      return std::string("w0 register a\nr0 hit park@") + point + " 2\nw0 unregister a\nw0 free a" + free + "\n";
    };
    const std::string token = std::string("grace-0->1-") + point;
    for (const char* wrong : {"", " after rcu"}) EXPECT_EQ(token_of(protocol, faultable + with(wrong)), token) << wrong;
    for (const char* wrong : {"", " after tasks"}) EXPECT_EQ(token_of(protocol, with(wrong)), token) << wrong;
    for (const char* right : {" after tasks", " after rcu tasks"})
      EXPECT_EQ(token_of(protocol, faultable + with(right)), "clean") << right;
    for (const char* right : {" after rcu", " after rcu tasks"})
      EXPECT_EQ(token_of(protocol, with(right)), "clean") << right;
  }
}

// What is registered stays, and so does what a registered probe shares; the next registration brings fresh ones.
TEST_F(ExecuteTest, AFreeTakesWhatNobodyUses) {
  const std::string hits = "r0 hit\nr0 hit tp=1\n";
  for (const char* text : {"w0 register a\nw0 free a\n", "w0 free a\nw0 register a\n",
                           "w0 register a\nw0 register c\nw0 unregister c\nw0 free c\n",
                           "w0 register a\nw0 register a tp=1\nw0 unregister a\nw0 free a\n",
                           "w0 register a\nw0 unregister a\nw0 free a\nw0 register a -> 0\n",
                           "w0 register a\nw0 register b\nw0 unregister b\nw0 free a\n"})
    for (const std::string& protocol : tp::shipped_names(tp::Protocol::Status::correct))
      EXPECT_EQ(token_of(protocol, text + hits), "clean") << text;
  // Of b alone: a, which is unused as well, stays, and a reader may still be in it.
  EXPECT_EQ(token_of("cookies",
                     "w0 register a\nr0 hit park@dispatched 4\nw0 unregister a\nw0 register b\n"
                     "w0 unregister b\nw0 free b after rcu\n"),
            "clean");
}

// A second user comes back while the first one is between the count and the patch (Linux before 4c5ea0a9cd02).
constexpr const char* kSecondUser = "w0 key inc park@counted 2\nw1 key inc\nr0 hit\n";
// The same, and the second user is a registration: the hit that begins then misses the probe.
constexpr const char* kRegistrationSecond = "w0 key inc park@counted 2\nw1 register a\nr0 hit\n";
// Of two releases one is lost: the first finds the key used by two, and then by one (Linux before 1d7f856c2ca4).
constexpr const char* kLostRelease =
    "w0 key inc\nw0 key dec park@store-key 1 park@load-key#2 1\nw1 key inc\nw1 key dec\n";

TEST_F(ExecuteTest, AKeyIsOnWhileAUserHoldsIt) {
  for (const EngineKind engine : {EngineKind::lockstep, EngineKind::threads}) {
    const auto found = [&](const std::string& key, const std::string& text) {
      const auto subject = with_lines("key: " + key + "\n");
      Executor executor(*subject, nullptr, engine);
      const Verdict verdict = executor.run(parse(text)).verdict;
      return verdict ? token(*verdict) : "clean";
    };
    EXPECT_EQ(found("count-first", kSecondUser), "key-none-none");
    EXPECT_EQ(found("count-first", kRegistrationSecond), "snapshot-none-none");
    EXPECT_EQ(found("count-tries", kLostRelease), "quiescent-none-none");
    for (const char* text : {kSecondUser, kRegistrationSecond, kLostRelease}) EXPECT_EQ(found("count", text), "clean");
    for (const char* text : {kSecondUser, kRegistrationSecond}) EXPECT_EQ(found("count-tries", text), "clean");
    EXPECT_EQ(found("count-first", kLostRelease), "clean");
    // Where keys are flags there is no other user.
    for (const char* text : {kSecondUser, kRegistrationSecond, kLostRelease}) EXPECT_EQ(found("flag", text), "clean");
  }
}

TEST_F(ExecuteTest, AKeyThatIsHeldIsOnWithoutProbes) {
  for (const char* text :
       {"w0 key inc\nr0 hit\nw0 key dec\nr0 hit\n", "w0 key inc\nw0 register a\nr0 hit\nw0 unregister a\nr0 hit\n",
        "w0 register a\nw0 key inc\nw0 unregister a\nr0 hit\nw0 key dec\nr0 hit\n",
        "w0 key dec -> EINVAL\nw0 register a\nw0 key dec -> EINVAL\nr0 hit\n",
        "w0 key inc tp=1\nw0 key dec -> EINVAL\nw0 key dec tp=1 -> 0\nw0 key dec tp=1 -> EINVAL\n",
        "w0 key inc\nw1 key inc\nw0 key dec\nr0 hit\nw1 key dec park@counted 1\nr0 hit\n",
        "w0 key inc park@trapped 1\nr0 hit\nr0 hit\nw1 register a park@waiting 1\nr0 hit\n"})
    for (const char* key : {"count", "count-first", "count-tries"})
      EXPECT_EQ(token_of(*with_lines(std::string("key: ") + key + "\n"), text), "clean") << key << "\n" << text;
  EXPECT_EQ(token_of(*with_lines("key: count\n"), "w0 key dec -> 0\n"), "result-none-none");
}

// Drawn changes of keys, with registrations around them.
TEST_F(ExecuteTest, AKeyWithACountIsRightAndTheWrongOnesAreFound) {
  const auto executions = [](const std::string& key, int budget) {
    const auto subject = with_lines("key: " + key + "\n");
    Executor executor(*subject);
    return search(executor, 3, budget, &go_on_with_key_users).executions;
  };
  EXPECT_EQ(executions("count", 50'000), 0);
  EXPECT_GT(executions("count-first", 20'000), 0);
  EXPECT_GT(executions("count-tries", 200'000), 0);
}

// A protocol whose steps take the key from who holds it.
TEST_F(ExecuteTest, KeyFindsAKeyThatARegistrationTurnsOff) {
  const std::string text = "w0 key inc\nw0 register a\nw0 unregister a park@publish 1\n";
  const std::string twice =
      "key: count\n1->0: disable_key; disable_key; call_iterator; publish; snapshot removed own\n";
  EXPECT_EQ(token_of(*with_lines(twice), text + "r0 hit\n"), "key-1->0-none");
  EXPECT_EQ(token_of(*with_lines(twice), text), "quiescent-1->0-snapshot");
  EXPECT_EQ(token_of(*with_lines("key: count\n"), text + "r0 hit\n"), "clean");
}

TEST_F(ExecuteTest, HooksFindsAHookLeftOnAndIsSilentWhereItIsUndone) {
  const std::string text = "w0 register a fail=1\n";
  EXPECT_EQ(token_of(*puzzle("hook-left-on"), text), "hooks-none-begun");
  EXPECT_EQ(token_of("cookies", text), "clean");
  EXPECT_EQ(token_of("cookies", "w0 register a hook=fail -> EPERM\nw0 register null -> EINVAL\n"), "clean");
}

TEST_F(ExecuteTest, QuiescentFindsAKeyLeftOnAndIsSilentWhereItIsOff) {
  const std::string text = "w0 register a\nw0 unregister a\n";
  EXPECT_EQ(token_of(*puzzle("key-left-on"), text), "quiescent-1->0-snapshot");
  EXPECT_EQ(token_of("cookies", text), "clean");
}

TEST_F(ExecuteTest, TextFindsATornBranchAndIsSilentOnTheInt3Protocol) {
  const std::string text = "w0 register a park@trapped#2 1\nr0 hit\n";
  EXPECT_EQ(token_of(*puzzle("torn-patch"), text), "text-0->1-none");
  EXPECT_EQ(token_of("cookies", text), "clean");
}

TEST_F(ExecuteTest, ResultFindsAWrongReturnAndIsSilentOnTheRightOne) {
  const std::string text = "w0 register a\nw0 register a prio=30\n";
  EXPECT_EQ(token_of(*puzzle("duplicate-accepted"), text), "result-none-publish");
  EXPECT_EQ(token_of("cookies", text), "clean");
}

TEST_F(ExecuteTest, ResultChecksWhatTheSequenceExpects) {
  EXPECT_EQ(token_of("cookies", "w0 register a\nw0 register a -> EEXIST\n"), "clean");
  EXPECT_EQ(token_of("cookies", "w0 register a -> EEXIST\n"), "result-0->1-enable_key");
}

TEST_F(ExecuteTest, ProgressFindsAReaderThatWaitsForItself) {
  const std::string text = "w0 register a\nr0 hit\n";
  EXPECT_EQ(token_of(*puzzle("waits-in-section"), text), "progress-none-waiting");
  EXPECT_EQ(token_of("cookies", text), "clean");
}

// r1 comes while the worker waits for r0, so the request of its tracepoint's 1->0 is not done with that grace period.
TEST_F(ExecuteTest, AWorkerMayNotCountRequestsThatCameWhileItSynchronised) {
  const std::string text =
      "w0 register a\nw0 register b tp=1\nr0 hit park@loaded 3\nw0 unregister a\nr1 hit tp=1 park@loaded 4\n"
      "w0 unregister b tp=1\nw0 register c tp=1\n";
  EXPECT_EQ(token_of(*puzzle("late-count"), text), "pairing-0->1-loaded");
  EXPECT_EQ(token_of("worker", text), "clean");
}

TEST_F(ExecuteTest, ALongerDelayDoesNotChangeTheVerdict) {
  for (const int events : {2, 3, 4, 255})
    EXPECT_EQ(token_of("f7ec412", "w0 register a\nr0 hit park@loaded " + std::to_string(events) +
                                      "\nw0 unregister a\nw0 register b\nr1 hit\nr1 hit\n"),
              "pairing-0->1-loaded");
}

TEST_F(ExecuteTest, AReaderTakesTheTrapOfAParkedPatch) {
  for (const char* point : {"trapped", "tailed", "trapped#2", "tailed#2"}) {
    const std::string parked = "park@" + std::string(point) + " 1\nr0 hit\n";
    EXPECT_EQ(token_of("cookies", "w0 register a " + parked), "clean");
    EXPECT_EQ(token_of("cookies", "w0 register a\nw0 register b " + parked), "clean");
    EXPECT_EQ(token_of("cookies", "w0 register a\nw0 register b\nw0 unregister a " + parked), "clean");
    EXPECT_EQ(token_of("cookies", "w0 register a\nw0 unregister a " + parked), "clean");
  }
}

TEST_F(ExecuteTest, AStubInPlaceMayBeSeenOrNot) {
  const std::string text =
      "w0 register a\nw0 register b\nr0 hit park@iterating 1\nw0 unregister a fail=1\nr0 hit\nw0 register c\nr0 hit\n";
  EXPECT_EQ(token_of("cookies", text), "clean");
  // The hit has called b before it was stubbed, and does not call c, stubbed meanwhile: {b, a, d} is no version's list.
  EXPECT_EQ(token_of("cookies",
                     "probe d func=3 data=3 prio=5\nw0 register a\nw0 register b\nw0 register c\nw0 register d\n"
                     "r0 hit park@iterating#2 2\nw0 unregister b fail=1\nw0 unregister c fail=1\n"),
            "clean");
  EXPECT_EQ(token_of("cookies", "w0 register a\nw0 register b\nw0 unregister a fail=1 -> 0\nr0 hit\n"), "clean");
  EXPECT_EQ(token_of("c8b186a", "w0 register a\nw0 register b\nw0 unregister a fail=1 -> ENOMEM\nr0 hit\n"), "clean");
}

// The protocol `cookies` with `line` in place of its own that begins with `key`; without one, after all others.
std::unique_ptr<Subject> cookies_with(const std::string& key, const std::string& line) {
  std::string text;
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols())
    if (shipped.name == tp::kDefaultProtocol) text = shipped.text;
  const std::size_t begin = key.empty() ? text.size() : text.find("\n" + key) + 1;
  text.replace(begin, key.empty() ? 0 : text.find('\n', begin) - begin, key + line);
  return core_subject(std::get<tp::Protocol>(tp::parse_protocol(text)));
}

TEST_F(ExecuteTest, APromiseOfADirectCallCountsAStubAsAnEntry) {
  const std::string stubbed = "w0 register a\nw0 register b\nw0 unregister a fail=1\nr0 hit\n";
  EXPECT_EQ(token_of(*cookies_with("", "promise: direct\n"), stubbed), "clean");
  EXPECT_EQ(token_of(*cookies_with("", "promise: direct\n"), stubbed + "w0 register c\nw0 unregister c\n"), "clean");
  EXPECT_EQ(token_of(*puzzle("call-left-on-iterator"), "w0 register a\nw0 register b\nw0 unregister a\n"),
            "quiescent-2->1-publish");
}

// Where one of the arrays is empty there is nothing to compare, and the step is done.
TEST_F(ExecuteTest, AConditionOnTheFirstEntryHoldsWhereAnArrayIsEmpty) {
  for (const char* condition : {"first.data", "first.func"}) {
    const auto subject = cookies_with("1->0:", std::string(" disable_key; call_iterator; publish; synchronize if ") +
                                                   condition + "; snapshot removed");
    Executor executor(*subject);
    const Execution execution = executor.run(parse("w0 register a\nw0 unregister a\n"));
    EXPECT_FALSE(execution.verdict);
    EXPECT_TRUE(std::ranges::any_of(execution.trace.events(), [](const Event& event) {
      return event.kind == Event::Kind::passed && event.point == tp::Point::synchronize;
    })) << condition;
  }
}

TEST_F(ExecuteTest, TheSameSequenceGivesTheSameTraceWhateverRanBefore) {
  const auto subject = core_subject(tp::shipped_protocol("d25e37d"));
  Executor executor(*subject);
  Random random(1);
  for (int i = 0; i < 2000; ++i) {
    const Sequence sequence = generate(random);
    const std::uint64_t hash = executor.run(sequence).trace.hash();
    executor.run(generate(random));
    ASSERT_EQ(executor.run(sequence).trace.hash(), hash) << to_text(sequence);
  }
}

// The hash itself: the same in every build and on every machine.
TEST_F(ExecuteTest, TheTraceHashIsPartOfTheFormat) {
  const auto subject = core_subject(tp::shipped_protocol("cookies"));
  Executor executor(*subject);
  const Sequence sequence =
      parse("w0 register a\nr0 hit park@loaded 2\nw0 register b park@trapped 1\nr1 hit\nw0 unregister a\nw0 sync\n");
  EXPECT_EQ(executor.run(sequence).trace.hash(), 12272497962071954399U);
}

// Executions that generation and mutation need to break a protocol; 0 if they don't within the budget.
int executions_to_a_finding(std::string_view protocol, std::uint64_t seed, int budget) {
  const auto subject = core_subject(tp::shipped_protocol(protocol));
  Executor executor(*subject);
  const SearchResult found = search(executor, seed, budget);
  EXPECT_EQ(executor.run(found.sequence).verdict, found.verdict) << "every finding replays alone";
  return found.executions;
}

class BadProtocol : public testing::TestWithParam<const char*> {};

TEST_P(BadProtocol, IsFoundFromNothingWithinABudget) {
  ASSERT_EQ(prepare(), std::nullopt);
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    EXPECT_GT(executions_to_a_finding(GetParam(), seed, 20'000), 0) << "seed " << seed;
}

INSTANTIATE_TEST_SUITE_P(All, BadProtocol,
                         testing::Values("d25e37d", "547305a-v1", "547305a", "c8b186a", "befe6d9", "352384d", "f7ec412",
                                         "worker-sketch"),
                         [](const auto& info) { return "P" + std::to_string(info.index); });

// How soon chance finds a mistake: the default protocol with one thing wrong, and sequences of 5 operations on 3 probes
// of 3 priorities, passed by one reader twice. Executions to the first finding, the median of 21 seeds.
struct Mistake {
  const char* name;
  const char* line;  ///< of the default protocol
  const char* wrong;
  int executions;  ///< at most
};

constexpr int kSeeds = 21;
constexpr int kMostExecutions = 1000;

int executions_in_shape(Executor& executor, std::uint64_t seed) {
  Random random(seed);
  int executions = 1;
  while (executions < kMostExecutions && !executor.run(generate(free_shape(5, 3, 3, 2), random)).verdict) ++executions;
  return executions;
}

class OrderingMistake : public testing::TestWithParam<Mistake> {
 protected:
  static tp::Protocol protocol() {
    const auto shipped = tp::shipped_protocols();
    const auto chosen = std::ranges::find(shipped, tp::kDefaultProtocol, &tp::ShippedProtocol::name);
    const std::string text =
        std::regex_replace(std::string(chosen->text), std::regex(GetParam().line), GetParam().wrong);
    EXPECT_NE(text, chosen->text) << "nothing is wrong";
    return std::get<tp::Protocol>(tp::parse_protocol(text));
  }
};

TEST_P(OrderingMistake, IsFoundSoonByShortSequences) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto subject = core_subject(protocol());
  Executor executor(*subject);
  std::vector<int> executions;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) executions.push_back(executions_in_shape(executor, seed));
  std::ranges::sort(executions);
  EXPECT_LE(executions[kSeeds / 2], GetParam().executions);
}

INSTANTIATE_TEST_SUITE_P(All, OrderingMistake,
                         testing::Values(Mistake{"PublishesFirst", "1->2: .*publish", "1->2: publish; update_call", 8},
                                         Mistake{"DoesNotAwait", "0->1: .*await removed;", "0->1:", 30},
                                         Mistake{"TakesNoSnapshots", "(1->2|N->N.1): (.*publish).*", "$1: $2", 100}),
                         [](const auto& info) { return std::string(info.param.name); });

// Any bytes are a sequence and run, to their end or to a finding.
TEST_F(ExecuteTest, RandomBytesRunUnderEveryProtocol) {
  if (kThreadSanitizer) GTEST_SKIP() << "ThreadSanitizer reports the race of a wait that leaves readers out";
  Random random(2);
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) {
    const auto subject = core_subject(tp::shipped_protocol(shipped.name));
    Executor executor(*subject);
    for (int i = 0; i < 5'000; ++i) {
      std::vector<std::uint8_t> bytes(static_cast<std::size_t>(random.below(600)));
      for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
      const Sequence sequence = decode(bytes);
      const Execution execution = executor.run(sequence);
      ASSERT_FALSE(execution.verdict && execution.verdict->invariant == Invariant::progress) << to_text(sequence);
    }
  }
}

class CorrectProtocol : public testing::TestWithParam<std::string> {};

TEST_P(CorrectProtocol, IsCleanOnEverySequence) {
  ASSERT_EQ(prepare(), std::nullopt);
  EXPECT_EQ(executions_to_a_finding(GetParam(), 1, 100'000), 0);
}

INSTANTIATE_TEST_SUITE_P(All, CorrectProtocol, testing::ValuesIn(tp::shipped_names(tp::Protocol::Status::correct)),
                         [](const auto& info) {
                           std::string name = "P" + info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// The same with both kinds of readers.
class ForFaultable : public testing::TestWithParam<std::string> {};

TEST_P(ForFaultable, IsCleanOnEverySequence) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto subject = core_subject(tp::shipped_protocol(GetParam()));
  Executor executor(*subject);
  EXPECT_EQ(search_with_both_readers(executor, 1, 100'000).executions, 0);
}

INSTANTIATE_TEST_SUITE_P(All, ForFaultable,
                         testing::ValuesIn(tp::shipped_names(tp::Protocol::Status::correct, &tp::Protocol::faultable)),
                         [](const auto& info) {
                           std::string name = "P" + info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// Those that are correct for ordinary readers alone.
class NotForFaultable : public testing::TestWithParam<const char*> {};

TEST_P(NotForFaultable, IsFoundWithBothReaders) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto subject = core_subject(tp::shipped_protocol(GetParam()));
  Executor executor(*subject);
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const SearchResult found = search_with_both_readers(executor, seed, 20'000);
    EXPECT_GT(found.executions, 0) << "seed " << seed;
    EXPECT_NE(found.sequence.faultable, 0) << "seed " << seed << "\n" << to_text(found.sequence);
  }
}

INSTANTIATE_TEST_SUITE_P(All, NotForFaultable, testing::Values("231264d", "cookies", "worker"),
                         [](const auto& info) { return std::string("P") + info.param; });

}  // namespace
}  // namespace tpfuzz
