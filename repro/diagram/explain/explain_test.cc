// What explanations say: of each kind of mistake the step, the wait or the difference that it consists in.
#include "repro/diagram/explain/explain.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/subject/puzzle.h"
#include "fuzz/subject/sanitizer.h"
#include "repro/diagram/explain/free.h"

namespace tpfuzz {
namespace {

Sequence parse(const std::string& lines) {
  auto parsed = parse_text(
      "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\nprobe c func=0 data=2 prio=5\n" + lines);
  if (const auto* error = std::get_if<Error>(&parsed)) ADD_FAILURE() << error->line << ": " << error->message;
  return std::get<Sequence>(parsed);
}

Explanation explanation(Subject& subject, const tp::Protocol& protocol, const Sequence& sequence) {
  return explain(sequence, play(subject, sequence), subject.rules(), &protocol);
}

tp::Protocol protocol_named(const std::string& name) {
  return std::get<tp::Protocol>(protocol_of(SubjectRecord{name, {}}));
}

// Of the shipped protocol or puzzle `name`.
std::string text_of(const std::string& name, const std::string& lines) {
  auto loaded = load_subject(name);
  Subject& subject = *std::get<std::unique_ptr<Subject>>(loaded);
  return explanation(subject, protocol_named(name), parse(lines)).text;
}

// Of the protocol `cookies` with `line` in place of its own.
std::string text_with(const std::string& line, const std::string& lines) {
  std::string text;
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols())
    if (shipped.name == tp::kDefaultProtocol) text = shipped.text;
  const std::string key = line.substr(0, line.find(':') + 1);
  const std::size_t begin = text.find("\n" + key) + 1;
  text.replace(begin, text.find('\n', begin) - begin, line);
  const auto protocol = std::get<tp::Protocol>(tp::parse_protocol(text));
  const auto subject = core_subject(protocol);
  return explanation(*subject, protocol, parse(lines)).text;
}

class ExplainTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(prepare(), std::nullopt); }
};

constexpr const char* kOneZeroOne = "w0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 register b\n";
constexpr const char* kTwoOne = "w0 register a\nr0 hit park@loaded 2\nw0 register b\nw0 unregister a\n";

TEST_F(ExplainTest, ANestedHit) {
  const std::string inside =
      "w0 register a tp=1\nw0 register b\nr0 hit nested=1 park@loaded#2 2\nw0 unregister a tp=1\nw0 register b tp=1\n";
  const std::string text = text_of("352384d", inside);
  EXPECT_TRUE(
      text.starts_with("Reader r0 called callback_b with data_a. The reader had loaded {a}, which w0's "
                       "`register a tp=1` (0->1) had published, before w0's `register b tp=1` (0->1) patched"))
      << text;
  EXPECT_TRUE(text.ends_with(" That was in a nested hit: callback_b, which r0's `hit nested=1` had called, hit tp1."))
      << text;
  EXPECT_EQ(
      text_of("iterator-position-shared",
              "w0 register a\nw0 register b\nw0 register a tp=1\nw0 register b tp=1\nr0 hit nested=1\n"),
      "Reader r0 called {b}; it may have seen {b, a}. The iterator ran through {b, a}, which w0's `register b` "
      "(1->2) had published: it left out callback_a, the last entry. In between, the probes that it called hit tp1.");
}

// The wait is for somebody else.
TEST_F(ExplainTest, AWaitForReadersOfAnotherDomain) {
  const std::string faultable = "tracepoint 0 faultable\n";
  EXPECT_EQ(
      text_of("cookies", faultable + kOneZeroOne),
      "Reader r0 called callback_b with data_a. The reader had loaded {a}, which w0's `register a` (0->1) had "
      "published, before w0's `register b` (0->1) patched the static call to callback_b. The cond_synchronize_rcu() of "
      "w0's `register b` is for ordinary readers alone; r0 was in a section of faultable readers, of the domain "
      "`tasks`.");
  const auto says = [](const std::string& text, std::string_view words) {
    EXPECT_NE(text.find(words), text.npos) << text;
  };
  says(text_of("231264d", faultable + kTwoOne),
       "The synchronize_rcu() of w0's `unregister a` is for ordinary readers alone; r0 was in a section of faultable "
       "readers");
  says(text_of("worker", faultable + "w0 register a\nr0 hit park@loaded 3\nw0 unregister a\nw0 register b\n"),
       "The wait for the worker of w0's `register b` is for ordinary readers alone;");
  says(text_with("2->1: publish; synchronize tasks; update_call", kTwoOne),
       "The synchronize_rcu_tasks_trace() of w0's `unregister a` is for faultable readers alone; r0 was in a section "
       "of ordinary readers");
  says(text_of("cookies-own", faultable + "w0 register a\nr0 hit park@dispatched 2\nw0 unregister a\nw0 sync rcu\n"),
       "The `sync` waits for the readers of `rcu` alone; r0 was in a section of faultable readers, of the domain "
       "`tasks`.");
}

TEST_F(ExplainTest, ACleanRunHasNone) { EXPECT_EQ(text_of("cookies", kOneZeroOne), ""); }

TEST_F(ExplainTest, APublishBeforeThePatch) {
  EXPECT_EQ(text_of("547305a", "w0 register a\nr0 hit park@locked 1\nw0 register b park@publish 1\n"),
            "Reader r0 called callback_a with data_b. The reader had loaded {b, a}, which w0's `register b` (1->2) had "
            "published, while the static call still went to callback_a, where w0's `register a` had left it. 1->2 "
            "publishes the new array before it updates the static call.");
}

// What it holds is what it had loaded before the delay, whatever is published meanwhile.
TEST_F(ExplainTest, ADelayAfterTheLoadOfTheArray) {
  EXPECT_EQ(
      text_of("f7ec412", "w0 register a\nr0 hit park@load-entry 2\nw0 unregister a\nw0 register b\n"),
      "Reader r0 called callback_b with data_a. The reader had loaded {a}, which w0's `register a` (0->1) had "
      "published, before w0's `register b` (0->1) patched the static call to callback_b. Nothing waited for r0 in "
      "between: neither 1->0 after its publish nor 0->1 before its patch has a wait for readers.");
  EXPECT_EQ(text_of("547305a", "w0 register a\nr0 hit park@load-entry 1\nw0 unregister a\n"), "");
}

TEST_F(ExplainTest, NoWaitAtAll) {
  EXPECT_EQ(
      text_of("f7ec412", kOneZeroOne),
      "Reader r0 called callback_b with data_a. The reader had loaded {a}, which w0's `register a` (0->1) had "
      "published, before w0's `register b` (0->1) patched the static call to callback_b. Nothing waited for r0 in "
      "between: neither 1->0 after its publish nor 0->1 before its patch has a wait for readers.");
}

struct Wait {
  const char* line;  ///< of the protocol
  const char* lines;
  const char* says;  ///< a part of the explanation
};

TEST_F(ExplainTest, TheWaitThatWasMissing) {
  const Wait waits[] = {
      {"2->1: publish; synchronize if first.func; update_call",
       "w0 register a\nw0 register c\nr0 hit park@loaded 1\nw0 unregister a\n",
       "skipped its synchronize_rcu(), as the first entry's func did not change (`if first.func`): nobody had waited "
       "for r0."},
      {"2->1: publish; update_call; synchronize", kTwoOne,
       "updates the static call before it waits (synchronize_rcu()): nobody had waited for r0."},
      {"0->1: update_call; publish; enable_key", kOneZeroOne,
       "neither 1->0 after its publish nor 0->1 before its patch has a wait for readers."},
      {"1->0: call_iterator; snapshot removed; publish; disable_key",
       "w0 register a\nw0 unregister a park@snapshot 1\nr0 hit park@loaded 3\nw0 register b\n",
       "cond_synchronize_rcu() of w0's `register b` was satisfied too early: w0's `unregister a` had taken the cookie "
       "before the publish, and r0 entered its section after that."},
  };
  for (const Wait& wait : waits) {
    const std::string text = text_with(wait.line, wait.lines);
    EXPECT_NE(text.find(wait.says), std::string::npos) << wait.line << "\n" << text;
  }
}

TEST_F(ExplainTest, AKeyThatIsOffWhileProbesAreRegistered) {
  EXPECT_EQ(text_with("1->2: disable_key; update_call; publish; enable_key",
                      "w0 register a\nw0 register b park@disable_key 1\nr0 hit\n"),
            "Reader r0 found the key off and called nothing, though probes were registered all the time: {a}. The "
            "`register b` of w0 (1->2) had turned the key off while the list was not empty.");
}

TEST_F(ExplainTest, AnExpectedResultThatIsWrong) {
  EXPECT_EQ(text_of("cookies", "w0 register a -> ENOENT\n"),
            "The `register a` of w0 returned 0, but the sequence expects -ENOENT. 0 is right: the tracepoint has no "
            "probe, and nothing stands against it. So the expectation in the sequence is wrong, or the operations "
            "before it were meant to leave something else.");
}

struct Mistake {
  const char* puzzle;
  const char* lines;
  std::vector<const char*> says;
};

TEST_F(ExplainTest, WhatAPuzzleDoesWrong) {
  const Mistake mistakes[] = {
      {"key-left-on",
       "w0 register a\nw0 unregister a\n",
       {"no probe is registered, but the key is on", "did not turn it off"}},
      {"leaked", "w0 register a\nw0 register b\n", {"2 blocks of memory are held, but 1 array is published"}},
      {"site-forgotten",
       "w0 register a\n",
       {"the static call of call site 1 holds a call of the iterator, but should hold a call of callback_a: byte 1"}},
      {"call-left-on-iterator",
       "w0 register a\nw0 register b\nw0 unregister b\n",
       {"the array has one entry, {a}, but the static call goes to the iterator", "promise: direct"}},
      {"stub-kept",
       "w0 register a\nw0 register b\nw0 unregister a fail=1\nw0 register a\n",
       {"A stub goes with the next new array"}},
      {"equals-reversed",
       "probe d func=3 data=3 prio=10\nw0 register a\nw0 register d\n",
       {"the array is {d, a}, but {a, d} is registered", "have the same priority and {a} was registered first"}},
      {"enable-after-publish",
       "w0 register a park@enable_key 1\nr0 hit\n",
       {"Reader r0 called callback_a with data_a. The `register a` of w0 (0->1) had published it, and the enable hook "
        "of "
        "that had not returned 0 yet."}},
      {"hook-without-mutex",
       "w0 register a\n",
       {"The `register a` of w0 ran the enable hook while w0 did not hold the mutex of all registrations."}},
      {"disable-after-unlock",
       "w0 register a\nw0 unregister a\n",
       {"ran the disable hook while w0 did not hold the mutex"}},
      {"hook-left-on",
       "w0 register a fail=1\n",
       {"the disable hook did not run, but should run once", "fails with -ENOMEM after the enable hook ran"}},
      {"nothing-to-remove", "w0 unregister a\n", {"returned 0; it has to return -ENOENT"}},
      {"torn-patch",
       "w0 register a park@trapped#2 1\nr0 hit\n",
       {"the branch of call site 0, which holds a mixture", "had put no int3 over the first byte"}},
      {"torn-patch",
       "w0 register a\n",
       {"changed the branch of call site 1 from a nop (off) to a jump (on), and no PatchLock was held"}},
      {"no-trap-barrier",
       "w0 register a\n",
       {"from a nop (off) to an int3", "put the int3 over the first byte and wrote the other bytes with no barrier"}},
      {"no-tail-barrier",
       "w0 register a\n",
       {"from an int3 to a jump (on)", "wrote the other bytes and the new first byte with no barrier in between"}},
      {"five-nops",
       "w0 register a\nw0 unregister a\n",
       {"holds no instruction of ours, but should hold a nop (off)", "No site may hold that"}},
      {"jump-beside-branch",
       "w0 register a\n",
       {"holds a jump that does not go to its branch, but should hold a jump (on)"}},
      {"jump-beside-branch",
       "w0 register a park@trapped#2 1\nr0 hit\n",
       {"holds an int3 that is answered with no instruction of ours"}},
      {"call-into-middle",
       "w0 register a\n",
       {"holds a call of code that is no probe's, but should hold a call of callback_a"}},
      {"waits-in-section",
       "w0 register a\nr0 hit\n",
       {"That grace period waits for r0 itself, which is inside its own read-side section"}},
      {"iterator-stops-early", "w0 register a\nw0 register b\nr0 hit\n", {"it left out callback_a, the last entry"}},
      {"iterator-uses-first-data",
       "w0 register a\nw0 register b\nr0 hit\n",
       {"data_b is what r0 had loaded for the static call"}},
      {"arguments-forwarded",
       "w0 register a tp=3\nw0 register b tp=3\nr0 hit tp=3\n",
       {"called callback_a, whose argument 4 was an object that was moved from", "The iterator had called {b} before"}},
      {"arguments-swapped",
       "w0 register a tp=3\nw0 register b tp=3\nr0 hit tp=3\n",
       {"called callback_b, whose argument 1 was what was passed as argument 2",
        "It was the first that the iterator called"}},
      {"funcs-loaded-twice",
       "w0 register a\nr0 hit park@loaded 1\nw0 unregister a\n",
       {"had tested it once", "then published NULL (1->0)"}},
  };
  for (const Mistake& mistake : mistakes) {
    const std::string text = text_of(mistake.puzzle, mistake.lines);
    for (const char* part : mistake.says)
      EXPECT_NE(text.find(part), std::string::npos) << mistake.puzzle << ": " << part << "\n" << text;
  }
}

TEST_F(ExplainTest, ACookieThatIsWrong) {
  const Puzzle& puzzle = *puzzle_named("cookie-too-old");
  const auto subject = puzzle_subject(puzzle);
  const Sequence sequence = parse("w0 register a\nw0 register b\nw0 unregister b\n");
  const Playback playback = play(*subject, sequence, EngineKind::threads);
  EXPECT_EQ(
      explain(sequence, playback, {}, nullptr).text,
      "The `unregister b` of w0 (2->1) came back from cond_synchronize_rcu(), and liburcu has had no grace period "
      "that began after the cookie was taken. The cookie said that one had ended: the mistake is in the cookie, not "
      "in liburcu.");
}

TEST_F(ExplainTest, WhatSyncTookAwayAndWhoWasInside) {
  if (kThreadSanitizer) GTEST_SKIP() << "ThreadSanitizer reports the race before";
  EXPECT_EQ(
      text_of("sync-without-wait", "w0 register a\nr0 hit park@dispatched 2\nw0 unregister a\nw0 sync\n"),
      "Reader r0 ran callback_a with data_a, which w0's `sync` had taken away. The `unregister a` of w0 (1->0) had "
      "unregistered probe a before. The reader had been in its read-side section since before the `sync` began: "
      "`sync` returned without waiting for it.");
}

TEST_F(ExplainTest, WhatFreeTookAwayAndForWhomItWaited) {
  if (kThreadSanitizer) GTEST_SKIP() << "ThreadSanitizer reports the race before";
  const std::string lines = "w0 register a\nr0 hit park@dispatched 2\nw0 unregister a\nw0 ";
  EXPECT_EQ(text_of("cookies", lines + "free a\n"),
            "Reader r0 ran callback_a with data_a, which w0's `free a` had taken away. The `unregister a` of w0 (1->0) "
            "had unregistered probe a before. The `free` waits for nobody; r0 was in its read-side section.");
  EXPECT_EQ(text_of("cookies", lines + "free a after tasks\n"),
            "Reader r0 ran callback_a with data_a, which w0's `free a after tasks` had taken away. The `unregister a` "
            "of w0 (1->0) had unregistered probe a before. The `free` waits for the readers of `tasks` alone; r0 was "
            "in a section of ordinary readers, of the domain `rcu`.");
}

// That there is NULL in `funcs` when it faults is no matter.
TEST_F(ExplainTest, AnArrayThatIsGoneAfterItsLoad) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "whose report ends the process";
  const std::string text = text_of(
      "freed-at-once", "w0 register a\nw0 register b\nr0 hit park@load-entry#2 2\nw0 unregister a\nw0 unregister b\n");
  EXPECT_TRUE(
      text.starts_with("Reader r0 accessed memory that is not there in the array {b, a}, which w0's `register b` "
                       "(1->2) had published."))
      << text;
}

TEST_F(ExplainTest, AnArrayThatGoesByTheProtocolsRule) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "whose report ends the process";
  const std::string text =
      text_of("freed-at-once", "w0 register a\nw0 register b\nr0 hit park@iterating 1\nw0 register c\n");
  EXPECT_NE(text.find("it was freed at once, as the protocol's `free: at-once` says: r0 was in its read-side section."),
            text.npos)
      << text;
}

// `cookies` with a key that counts so.
std::string text_with_key(const std::string& key, const std::string& lines) {
  const auto protocol = std::get<tp::Protocol>(
      tp::parse_protocol(std::string(tp::shipped_text(tp::kDefaultProtocol)) + "key: " + key + "\n"));
  const auto subject = core_subject(protocol);
  return explanation(*subject, protocol, parse(lines)).text;
}

TEST_F(ExplainTest, WhoHoldsAKeyThatIsOff) {
  EXPECT_EQ(
      text_with_key("count-first", "w0 key inc park@counted 2\nw1 key inc\nr0 hit\n"),
      "Reader r0 found the key off, though w1's `key inc` had returned and nobody had released the key since. The "
      "`key inc` of w0 had changed the count and not patched the branch yet: w1's `key inc` found the count above "
      "0, and came back without a lock.");
  EXPECT_EQ(text_with_key("count-tries",
                          "w0 key inc\nw0 key dec park@store-key 1 park@load-key#2 1\nw1 key inc\nw1 key dec\n"),
            "After w0's `key dec` no probe is registered, but the key is on. The `key inc` of w0 had turned it on, and "
            "w0's `key dec` did not turn it off.");
}

TEST_F(ExplainTest, WhatAFreeRunTellsOfAKey) {
  const Sequence sequence = parse("w0 key inc\nr0 hit\n");
  FreeRun run;
  run.observed = false;
  run.passes[0].emplace_back().operation = 1;
  run.passes[0].back().held = true;
  const Verdict verdict = judge(run, sequence, {});
  ASSERT_TRUE(verdict);
  EXPECT_EQ(
      explain_free(run, sequence, {}, *verdict),
      "Reader r0 found the key of tracepoint 0 off, though a user besides the probes held it all the time. A free "
      "run has no order of all events; `--engine lockstep` may tell the cause.");
}

// A probe that is registered again after a `sync` has other objects: the first and the second are told apart.
TEST_F(ExplainTest, IncarnationsAreToldApart) {
  if (kThreadSanitizer) GTEST_SKIP() << "ThreadSanitizer reports the race before";
  const std::string text = text_of(
      "f7ec412",
      "w0 register a\nw0 unregister a\nw0 sync\nw0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 register b\n");
  EXPECT_NE(text.find("callback_b with data_a#2"), std::string::npos) << text;
}

// Loops without a point: each execution takes the watchdog's patience.
constexpr std::string_view kSlow = "waits-for-itself";

// Of what is found among `sequences` generated ones: whole sentences on one line, about events that there are. Returns
// how many were found.
int explain_all(const tp::Protocol& protocol, int sequences) {
  const auto subject = subject_of(protocol);
  const std::string& name = protocol.name;
  Random random(1);
  int findings = 0;
  for (int i = 0; i < sequences; ++i) {
    const Sequence sequence = generate(random);
    const Playback playback = play(*subject, sequence);
    if (!playback.verdict) continue;
    const Explanation its = explain(sequence, playback, subject->rules(), &protocol);
    ++findings;
    EXPECT_FALSE(its.headline.empty()) << name << "\n" << to_text(sequence);
    EXPECT_TRUE(its.text.ends_with('.')) << name << ": " << its.text << "\n" << to_text(sequence);
    EXPECT_TRUE(its.text.front() >= 'A' && its.text.front() <= 'Z') << its.text;
    EXPECT_TRUE(std::ranges::all_of(its.text, [](char c) { return c >= ' ' && c <= '~'; })) << its.text;
    for (const std::size_t event : its.events) EXPECT_LT(event, playback.events.size()) << its.text;
    // Without the protocol's text it says what it can.
    EXPECT_FALSE(explain(sequence, playback, subject->rules(), nullptr).text.empty());
  }
  return findings;
}

TEST_F(ExplainTest, EveryFindingHasOne) {
  int findings = 0;
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols())
    findings += explain_all(tp::shipped_protocol(shipped.name), 300);
  for (const Puzzle& puzzle : puzzles())
    if (!kAddressSanitizer && !kThreadSanitizer && puzzle.name != kSlow)
      findings += explain_all(protocol_named(puzzle.name), 300);
  EXPECT_GT(findings, kAddressSanitizer || kThreadSanitizer ? 300 : 1000) << "the puzzles run in other builds only";
}

TEST_F(ExplainTest, EveryFindingOfAReadSideHasOne) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "a report would end the process";
  tp::Protocol protocol = tp::shipped_protocol("cookies");
  int findings = 0;
  const auto explain_each = [&](std::string_view line, std::span<const std::string_view> orders, std::size_t& its) {
    for (its = 0; its < orders.size(); ++its) {
      protocol.name = std::string(line) + ": " + std::string(orders[its]);
      findings += explain_all(protocol, 30);
    }
    its = 0;
  };
  explain_each("hit", dialect().hits, protocol.hit);
  explain_each("iterate", dialect().iterations, protocol.iterate);
  EXPECT_GT(findings, 300);
}

}  // namespace
}  // namespace tpfuzz
