// The words of explanations: who, what, where.
#include "repro/diagram/explain/phrases.h"

#include <gtest/gtest.h>

#include "fuzz/sequence/text.h"
#include "fuzz/subject/arguments.h"
#include "repro/diagram/explain/argument_words.h"
#include "repro/diagram/explain/site_words.h"

namespace tpfuzz {
namespace {

// What was played of a sequence under the protocol `worker`.
struct Played {
  explicit Played(const std::string& lines)
      : sequence(std::get<Sequence>(parse_text("tpfuzz 1\nprobe a func=0 data=0 prio=10\n"
                                               "probe b func=1 data=1 prio=20\n" +
                                               lines))) {
    EXPECT_EQ(prepare(), std::nullopt);
    subject = std::get<std::unique_ptr<Subject>>(load_subject("worker"));
    playback = play(*subject, sequence);
    account.emplace(sequence, playback, subject->rules(), nullptr);
    phrases.emplace(*account);
  }
  Played(const Played&) = delete;
  Played& operator=(const Played&) = delete;

  // The number of the run of the operation `index` of the sequence.
  std::size_t run_of(int index) const {
    for (std::size_t i = 0; i < account->runs.size(); ++i)
      if (account->runs[i].operation == index && account->runs[i].verb != Verb::run) return i;
    ADD_FAILURE() << index;
    return 0;
  }

  Sequence sequence;
  std::unique_ptr<Subject> subject;
  Playback playback;
  std::optional<Account> account;
  std::optional<Phrases> phrases;
};

TEST(PhrasesTest, OperationsThatDoTheSameAreCounted) {
  const Played its(
      "w0 register a\nr0 hit\nr0 hit park@loaded 1\nr1 hit\nw0 register b\nw0 unregister a -> 0\nw0 register a -> 0\n");
  EXPECT_EQ(its.phrases->operation(its.run_of(0)), "w0's first `register a`");
  EXPECT_EQ(its.phrases->operation(its.run_of(6)), "w0's second `register a`") << "whatever it expects";
  EXPECT_EQ(its.phrases->operation(its.run_of(2)), "r0's second `hit`") << "wherever it is delayed";
  EXPECT_EQ(its.phrases->operation(its.run_of(3)), "r1's `hit`") << "another CPU's";
  EXPECT_EQ(its.phrases->change(its.run_of(4)), "w0's `register b` (1->2)");
  EXPECT_EQ(its.phrases->the_change(its.run_of(5)), "The `unregister a` of w0 (2->1)");
  EXPECT_EQ(its.phrases->the_operation(its.run_of(6)), "The second `register a` of w0");
}

TEST(PhrasesTest, ReadersWritersAndTheWorkerAreTheirOwnSubjects) {
  const Played its("w0 register a\nr3 hit\nw1 unregister a\nw0 register b\n");
  EXPECT_EQ(its.phrases->subject(its.account->runs[its.run_of(1)]), "Reader r3");
  EXPECT_EQ(its.phrases->subject(its.account->runs[its.run_of(2)]), "Writer w1");
  const auto worker = std::ranges::find(its.account->runs, Verb::run, &Run::verb);
  ASSERT_NE(worker, its.account->runs.end());
  EXPECT_EQ(its.phrases->subject(*worker), "The worker k0");
  EXPECT_EQ(its.phrases->operation(static_cast<std::size_t>(worker - its.account->runs.begin())), "the worker's run");
}

TEST(PhrasesTest, AFunctionThatCameAfterASyncIsTheSecond) {
  const Played its("w0 register a\nw0 unregister a\nw0 sync\nw0 register a\nr0 hit\n");
  EXPECT_EQ(its.phrases->callback(0, 0), "callback_a");
  const std::size_t last = its.playback.events.size() - 1;
  EXPECT_EQ(its.phrases->callback(0, last), "callback_a#2");
  EXPECT_EQ(its.phrases->data(0, last), "data_a#2");
  EXPECT_EQ(its.phrases->callback(1, last), "callback_b") << "it was never registered";
  EXPECT_EQ(its.phrases->target(0, last), "callback_a#2");
}

TEST(PhrasesTest, WhatIsNoProbesIsSaidSo) {
  const Played its("w0 register a\n");
  EXPECT_EQ(its.phrases->target(kToIterator, 0), "the iterator");
  EXPECT_EQ(its.phrases->target(kToElsewhere, 0), "code that is no probe's");
  EXPECT_EQ(its.phrases->data(kForeignData, 0), "a pointer that is no probe's data");
  EXPECT_EQ(its.phrases->data(kNullData, 0), "NULL");
  EXPECT_EQ(its.phrases->probe({1, 20}), "probe b");
}

TEST(PhrasesTest, WaitsAreCalledAsInTheKernel) {
  EXPECT_EQ(Phrases::wait(tp::Point::synchronize), "synchronize_rcu()");
  EXPECT_EQ(Phrases::wait(tp::Point::await), "cond_synchronize_rcu()");
  EXPECT_EQ(Phrases::wait(tp::Point::await, tp::Domain::tasks), "cond_synchronize_rcu_tasks_trace()");
  EXPECT_EQ(Phrases::wait(tp::Point::synchronize, tp::kEveryDomain),
            "synchronize_rcu(), synchronize_rcu_tasks_trace()");
  EXPECT_EQ(Phrases::wait(tp::Point::await_worker), "wait for the worker");
  EXPECT_EQ(Phrases::wait(tp::Point::begun), "mutex_lock()");
}

TEST(PhrasesTest, AnOrderIsExplainedByItsPriorities) {
  const Played its("w0 register a\nw0 register b\n");
  const Observation::Entry a{0, 0, 10, false}, b{1, 1, 20, false}, late{1, 1, 10, false};
  EXPECT_EQ(order_reason(*its.phrases, {a, b}, {b, a}), ", as {b} has the higher priority of {b} and {a}");
  EXPECT_EQ(order_reason(*its.phrases, {late, a}, {a, late}),
            ", as {a} and {b} have the same priority and {a} was registered first");
  EXPECT_EQ(order_reason(*its.phrases, {a, b}, {a, b}), "");
  EXPECT_EQ(order_reason(*its.phrases, {a}, {a, b}), "") << "the order is not all";
}

TEST(PhrasesTest, Capitalized) {
  EXPECT_EQ(capitalized("the worker"), "The worker");
  EXPECT_EQ(capitalized("2->1"), "2->1");
  EXPECT_EQ(capitalized(""), "");
}

TEST(SiteWordsTest, WhatASiteHolds) {
  using Part = SiteText::Part;
  const Played its("w0 register a\n");
  const auto words = [&its](Part first, Part tail, SiteKind patched, int target = 0) {
    SiteText text;
    text.first = first;
    text.tail = tail;
    text.target = target;
    return instruction_words(*its.phrases, text, patched, 0);
  };
  EXPECT_EQ(words(Part::nop, Part::nop, SiteKind::key), "a nop (off)");
  EXPECT_EQ(words(Part::jump, Part::jump, SiteKind::key), "a jump (on)");
  EXPECT_EQ(words(Part::jump, Part::other, SiteKind::key), "a jump that does not go to its branch");
  EXPECT_EQ(words(Part::call, Part::call, SiteKind::call), "a call of callback_a");
  EXPECT_EQ(words(Part::jump, Part::call, SiteKind::call, kToIterator), "a jump, and no call, to the iterator");
  EXPECT_EQ(words(Part::nop, Part::jump, SiteKind::key),
            "a mixture: the first byte is the nop's (off), the other bytes are the jump's (on)");
  EXPECT_EQ(words(Part::other, Part::other, SiteKind::call), "no instruction of ours");
  EXPECT_EQ(place_words(SiteKind::key, 1), "the branch of call site 1");
  EXPECT_EQ(place_words(SiteKind::call, 0), "the static call of call site 0");
  EXPECT_EQ(place_words(SiteKind::call, kMaxSites), "the trampoline");
}

TEST(ArgumentWordsTest, ArgumentsAreCountedFromOne) {
  EXPECT_EQ(argument_words(0), "argument 1");
  EXPECT_EQ(got_words(0, 1), "what was passed as argument 2");
  EXPECT_EQ(got_words(kTokenArgument, kGotNothing), "an object that was moved from");
  EXPECT_EQ(got_words(kTokenArgument + 1, kGotNothing), "0");
}

}  // namespace
}  // namespace tpfuzz
