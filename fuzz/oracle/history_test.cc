#include "fuzz/oracle/history.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <vector>

#include "fuzz/oracle/testing/story.h"

namespace tpfuzz {
namespace {

using tp::Point;
using tp::Transition;

// The slots of a version's list: "ba" is b in front of a, "" the empty list.
std::string list(const Version& version) {
  std::string names;
  for (const Registered& registered : version.list) names += static_cast<char>('a' + registered.slot);
  return names;
}

std::vector<std::string> lists(std::span<const Version> versions) {
  std::vector<std::string> all;
  for (const Version& version : versions) all.push_back(list(version));
  return all;
}

using Lists = std::vector<std::string>;

// `operation` runs from its begin to its end, and publishes.
void runs(Story& story, int operation) {
  story.starts(operation);
  story.passes(operation, Point::begun);
  story.passes(operation, Point::publish);
  story.completes(operation);
}

// The same up to the store into `funcs`, and up to the first int3 of the patch `step`.
void publishes(Story& story, int operation) {
  story.starts(operation);
  story.passes(operation, Point::begun);
  story.passes(operation, Point::publish);
}
void patches(Story& story, int operation, Point step) {
  story.passes(operation, tp::before(step));
  story.passes(operation, Point::trapped);
}

// Versions.

TEST(HistoryVersions, TheFirstIsTheEmptyList) {
  Story story("r0 hit\n");
  const Event hit = story.starts(0);
  EXPECT_EQ(list(story.history().current(hit)), "");
  EXPECT_EQ(list(story.history().newest(hit)), "");
}

TEST(HistoryVersions, OneIsBegunFromTheMutexAndCurrentFromThePublication) {
  Story story("w0 register a\n");
  EXPECT_EQ(list(story.history().newest(story.starts(0))), "");
  Event event = story.passes(0, Point::begun);
  EXPECT_EQ(list(story.history().newest(event)), "a");
  EXPECT_EQ(list(story.history().current(event)), "");
  event = story.passes(0, Point::before_publish);
  EXPECT_EQ(list(story.history().current(event)), "");
  event = story.passes(0, Point::publish);
  EXPECT_EQ(list(story.history().current(event)), "a");
}

TEST(HistoryVersions, OneIsCurrentAtTheLatestFromTheReturn) {
  Story story("w0 register a\n");
  story.starts(0);
  EXPECT_EQ(list(story.history().current(story.passes(0, Point::begun))), "");
  EXPECT_EQ(list(story.history().current(story.completes(0))), "a");
}

TEST(HistoryVersions, ACallThatChangesNothingMakesNone) {
  for (const char* line : {"w0 register a\n", "w0 register b fail=1\n", "w0 register null\n", "w0 sync\n"}) {
    Story story(std::string("w0 register a\n") + line + "r0 hit\n");
    runs(story, 0);
    story.starts(1);
    story.passes(1, Point::begun);
    story.completes(1);
    EXPECT_EQ(lists(story.history().window(story.starts(2)).begun), Lists{"a"}) << line;
  }
}

TEST(HistoryVersions, TheirOrderIsThatOfTheMutex) {
  Story story("w0 register a\nw1 register b\n");
  story.starts(0);
  story.starts(1);
  EXPECT_EQ(list(story.history().newest(story.passes(1, Point::begun))), "b");
  EXPECT_EQ(list(story.history().newest(story.passes(0, Point::begun))), "ba");
}

TEST(HistoryVersions, AnOlderOneDoesNotBecomeCurrentAgain) {
  Story story("w0 register a\nw1 register b\n");
  story.starts(0);
  story.starts(1);
  story.passes(0, Point::begun);
  story.passes(1, Point::begun);
  story.passes(1, Point::publish);
  EXPECT_EQ(list(story.history().current(story.passes(0, Point::publish))), "ba");
}

TEST(HistoryVersions, EachTracepointHasItsOwn) {
  Story story("w0 register a\nw0 register b tp=1\nr0 hit\nr1 hit tp=1\nr2 hit tp=2\n");
  runs(story, 0);
  runs(story, 1);
  EXPECT_EQ(list(story.history().current(story.starts(2))), "a");
  EXPECT_EQ(list(story.history().current(story.starts(3))), "b");
  EXPECT_EQ(list(story.history().current(story.starts(4))), "");
}

// Plans.

TEST(HistoryPlans, APlanIsMadeWhenTheMutexIsTaken) {
  Story story("w0 unregister a\nw1 register a\n");
  story.starts(0);
  runs(story, 1);
  const Event begun = story.passes(0, Point::begun);
  EXPECT_EQ(story.history().planned(begun).result, 0) << "a is registered by now";
  EXPECT_EQ(story.history().planned(begun).transition, Transition::remove_last);
}

TEST(HistoryPlans, APlanIsMadeAtTheLatestAtTheReturn) {
  Story story("w0 unregister a\n");
  story.starts(0);
  EXPECT_EQ(story.history().due_result(story.completes(0)), -ENOENT);
}

TEST(HistoryPlans, APlanIsMadeOnce) {
  Story story("w0 register a\nw1 unregister a\n");
  story.starts(0);
  story.passes(0, Point::begun);
  runs(story, 1);
  const Event completed = story.completes(0);
  EXPECT_EQ(story.history().due_result(completed), 0);
  EXPECT_EQ(list(story.history().newest(completed)), "") << "it registers once";
}

TEST(HistoryPlans, AHookThatRunsBeforeTheMutexMakesThePlan) {
  Story story("w0 register a\n");
  story.starts(0);
  EXPECT_EQ(story.history().planned(story.runs_hook(0, true)).hooks, (HookRuns{1, 0}));
}

TEST(HistoryPlans, EachOperationOfACpuHasAPlanOfItsOwn) {
  Story story("w0 register a\nw0 register a\n");
  runs(story, 0);
  story.starts(1);
  EXPECT_EQ(story.history().due_result(story.completes(1)), -EEXIST);
}

// Windows.

TEST(HistoryWindows, AHitMaySeeWhatWasCurrentAtItsBegin) {
  Story story("w0 register a\nr0 hit\n");
  runs(story, 0);
  const Event hit = story.starts(1);
  EXPECT_EQ(lists(story.history().window(hit).begun), Lists{"a"});
  EXPECT_EQ(lists(story.history().window(hit).current), Lists{"a"});
}

TEST(HistoryWindows, AHitMaySeeWhatHasBecomeCurrentSince) {
  Story story("w0 register a\nr0 hit\nw0 register b\n");
  runs(story, 0);
  const Event hit = story.starts(1);
  story.starts(2);
  story.passes(2, Point::begun);
  EXPECT_EQ(lists(story.history().window(hit).begun), (Lists{"a", "ba"}));
  EXPECT_EQ(lists(story.history().window(hit).current), Lists{"a"});
  story.passes(2, Point::publish);
  EXPECT_EQ(lists(story.history().window(hit).current), (Lists{"a", "ba"}));
}

TEST(HistoryWindows, WhatIsPublishedAndHasNotReturnedIsNoBound) {
  Story story("w0 register a\nr0 hit\n");
  publishes(story, 0);
  const Event hit = story.starts(1);
  EXPECT_EQ(lists(story.history().window(hit).begun), (Lists{"", "a"}));
  EXPECT_EQ(lists(story.history().window(hit).current), Lists{"a"});
}

TEST(HistoryWindows, ALaterReturnDoesNotNarrowTheWindowOfAHitThatRuns) {
  Story story("w0 register a\nr0 hit\n");
  publishes(story, 0);
  const Event hit = story.starts(1);
  story.completes(0);
  EXPECT_EQ(lists(story.history().window(hit).begun), (Lists{"", "a"}));
}

TEST(HistoryWindows, TheNewestReturnIsTheBoundWhoeverReturnsLast) {
  Story story("w0 register a\nw1 register b\nr0 hit\n");
  story.starts(0);
  story.starts(1);
  story.passes(0, Point::begun);
  story.passes(1, Point::begun);
  story.completes(1);
  story.completes(0);
  EXPECT_EQ(lists(story.history().window(story.starts(2)).begun), Lists{"ba"});
}

TEST(HistoryWindows, AHitIsKnownToHaveFoundTheKeyOnFromKeyed) {
  Story story("r0 hit\nr0 hit\n");
  EXPECT_FALSE(story.history().window(story.starts(0)).keyed);
  EXPECT_TRUE(story.history().window(story.passes(0, Point::keyed)).keyed);
  story.completes(0);
  EXPECT_FALSE(story.history().window(story.starts(1)).keyed);
}

// Stubs: of a and b, a is removed in place.

const std::string kStub = "w0 register a\nw0 register b\nw0 unregister a fail=1\nr0 hit\n";
constexpr int kRemoval = 2;
constexpr int kHit = 3;

TEST(HistoryStubs, AStubIsCurrentFromTheReturn) {
  Story story(kStub);
  runs(story, 0);
  runs(story, 1);
  story.starts(kRemoval);
  story.passes(kRemoval, Point::begun);
  const Event hit = story.starts(kHit);
  EXPECT_EQ(lists(story.history().window(hit).begun), (Lists{"ba", "b"}));
  EXPECT_EQ(lists(story.history().window(hit).current), Lists{"ba"});
  story.completes(kRemoval);
  EXPECT_EQ(lists(story.history().window(hit).current), (Lists{"ba", "b"}));
}

TEST(HistoryStubs, OnlyAStubIsMarkedAsMadeInPlace) {
  Story story(kStub);
  runs(story, 0);
  runs(story, 1);
  EXPECT_FALSE(story.history().newest(story.starts(kRemoval)).by_stub);
  EXPECT_TRUE(story.history().newest(story.passes(kRemoval, Point::begun)).by_stub);
}

TEST(HistoryStubs, WhatWasPublishedIsTheArrayThatHoldsTheStub) {
  Story story(kStub);
  runs(story, 0);
  runs(story, 1);
  story.starts(kRemoval);
  const Event completed = story.completes(kRemoval);
  EXPECT_EQ(list(story.history().current(completed)), "b");
  EXPECT_EQ(list(story.history().published(completed)), "ba");
}

TEST(HistoryStubs, AWriterParkedAtAnAccessMayHavePutThem) {
  Story story(kStub);
  runs(story, 0);
  runs(story, 1);
  const Event hit = story.starts(kHit);
  story.starts(kRemoval);
  story.passes(kRemoval, Point::begun);
  const Event parked = story.parks(kRemoval, Point::store_entry);
  EXPECT_EQ(lists(story.history().window(hit).current), (Lists{"ba", "b"}));
  EXPECT_EQ(list(story.history().current(parked)), "ba") << "or may not";
}

TEST(HistoryStubs, AWriterParkedAtAnotherPointHasPutNone) {
  Story story(kStub);
  runs(story, 0);
  runs(story, 1);
  const Event hit = story.starts(kHit);
  story.starts(kRemoval);
  story.passes(kRemoval, Point::begun);
  story.parks(kRemoval, Point::begun);
  EXPECT_EQ(lists(story.history().window(hit).current), Lists{"ba"});
}

TEST(HistoryStubs, AWriterParkedAtAnAccessThatPublishesPutsNone) {
  Story story("w0 register a\nr0 hit\nw0 register b\n");
  runs(story, 0);
  const Event hit = story.starts(1);
  story.starts(2);
  story.passes(2, Point::begun);
  story.parks(2, Point::store_funcs);
  EXPECT_EQ(lists(story.history().window(hit).current), Lists{"a"});
}

// Batches: a is removed from tracepoints 0 and 1.

const std::string kBatch =
    "w0 register a\nw0 register b\nw0 register a tp=1\nw0 unregister a tp=0, a tp=1\nr0 hit\nr1 hit tp=1\n";
constexpr int kBatchRemoval = 3;
constexpr int kHitOf0 = 4;
constexpr int kHitOf1 = 5;

void run_until_batch(Story& story) {
  for (int operation = 0; operation < kBatchRemoval; ++operation) runs(story, operation);
  story.starts(kBatchRemoval);
}

TEST(HistoryBatches, ABatchBeginsAVersionInEachTracepoint) {
  Story story(kBatch);
  run_until_batch(story);
  story.passes(kBatchRemoval, Point::begun);
  EXPECT_EQ(list(story.history().newest(story.starts(kHitOf0))), "b");
  EXPECT_EQ(list(story.history().newest(story.starts(kHitOf1))), "");
}

TEST(HistoryBatches, APublicationIsOfItsOwnTracepoint) {
  Story story(kBatch);
  run_until_batch(story);
  story.passes(kBatchRemoval, Point::begun);
  story.passes_at(kBatchRemoval, 1, Point::publish);
  EXPECT_EQ(list(story.history().current(story.starts(kHitOf0))), "ba");
  EXPECT_EQ(list(story.history().current(story.starts(kHitOf1))), "");
}

TEST(HistoryBatches, TheReturnIsOfAllTracepoints) {
  Story story(kBatch);
  run_until_batch(story);
  story.completes(kBatchRemoval);
  EXPECT_EQ(lists(story.history().window(story.starts(kHitOf0)).begun), Lists{"b"});
  EXPECT_EQ(lists(story.history().window(story.starts(kHitOf1)).begun), Lists{""});
}

TEST(HistoryBatches, StubsAreInPlaceFromTheNextPoint) {
  std::string lines = kBatch;
  lines.insert(lines.find("\nr0"), " fail=1");
  Story story(lines);
  run_until_batch(story);
  story.passes(kBatchRemoval, Point::begun);
  EXPECT_EQ(list(story.history().current(story.starts(kHitOf0))), "ba");
  story.passes_at(kBatchRemoval, 1, Point::before_disable_key);
  EXPECT_EQ(list(story.history().current(story.starts(kHitOf0))), "b") << "that point is of another tracepoint";
}

TEST(HistoryBatches, TheResultIsTheFirstError) {
  Story story("w0 register a tp=1\nw0 unregister a tp=0, a tp=1\n");
  runs(story, 0);
  story.starts(1);
  EXPECT_EQ(story.history().due_result(story.completes(1)), -ENOENT) << "of tracepoint 0";
}

TEST(HistoryBatches, TheHooksOfEachTracepointHaveToRun) {
  Story story("w0 register a\nw0 register a tp=1\nw0 unregister a tp=0, a tp=1\n");
  runs(story, 0);
  runs(story, 1);
  story.starts(2);
  story.passes(2, Point::begun);
  story.runs_hook(2, false);
  EXPECT_FALSE(story.history().all_hooks_ran(story.completes(2))) << "tracepoint 1 has a hook, too";
}

// Hooks.

TEST(HistoryHooks, EachHookOfAnOperationIsCounted) {
  Story story("w0 register null\n");
  story.starts(0);
  story.runs_hook(0, true);
  const Event disabled = story.runs_hook(0, false);
  EXPECT_EQ(story.history().hooks_run(disabled), (HookRuns{1, 1}));
  EXPECT_TRUE(story.history().all_hooks_ran(story.completes(0)));
}

TEST(HistoryHooks, AnOperationStartsWithNone) {
  Story story("w0 register a\nw0 register b\n");
  story.starts(0);
  story.runs_hook(0, true);
  story.completes(0);
  EXPECT_EQ(story.history().hooks_run(story.starts(1)), HookRuns{});
}

TEST(HistoryHooks, ARefusalIsAHookThatRanAndEnablesNothing) {
  Story story("w0 register a hook=fail\nw0 register a\n");
  story.starts(0);
  const Event refused = story.refuses_hook(0);
  EXPECT_EQ(story.history().hooks_run(refused).enable, 1);
  EXPECT_EQ(story.history().enabled(refused), 0U);
  story.completes(0);
  story.starts(1);
  EXPECT_EQ(story.history().enabled(story.runs_hook(1, true)), 1U);
}

TEST(HistoryHooks, AVersionNeedsTheEnableHooksUntilItWasMade) {
  Story story("w0 register a\nw0 register b\nw0 unregister null\nw0 register c\n");
  constexpr std::array kEnables = {1U, 1U, 1U, 2U};
  for (int operation = 0; operation < 4; ++operation) {
    runs(story, operation);
    EXPECT_EQ(story.history().newest(story.starts(operation)).enables, kEnables[static_cast<std::size_t>(operation)])
        << operation;
  }
}

// What a hit observed: the latest array or call update that it saw.

TEST(HistoryWrites, AHitThatFindsTheKeyOffObservedThePatchOfTheKey) {
  Story story("w0 register a\nw0 unregister a\nr0 hit\n");
  publishes(story, 0);
  patches(story, 0, Point::enable_key);
  story.completes(0);
  story.starts(1);
  story.passes(1, Point::begun);
  patches(story, 1, Point::disable_key);
  EXPECT_EQ(story.history().hit(story.starts(2)).observed.transition, Transition::remove_last);
}

// The branch is off again when the reader asks.
TEST(HistoryWrites, AHitThatStoodInTheTrapOfTheKeyObservedTheKeyAsItIsThen) {
  Story story("w0 register a\nr0 hit\nw0 unregister a\n");
  story.starts(0);
  story.passes(0, Point::begun);
  patches(story, 0, Point::enable_key);
  story.starts(1);
  story.parks(1, Point::trapped_in);
  story.completes(0);
  story.starts(2);
  story.passes(2, Point::begun);
  patches(story, 2, Point::disable_key);
  EXPECT_EQ(story.history().hit(story.goes_on(1)).observed.transition, Transition::remove_last);
  story.passes(1, Point::keyed);
  story.parks(1, Point::trapped_in);
  EXPECT_EQ(story.history().hit(story.goes_on(1)).observed.number, 0U)
      << "in the trap of the call it has found the key on";
}

TEST(HistoryWrites, AHitThatFindsTheKeyOnObservedWhatItLoads) {
  Story story("w0 register a\nr0 hit\n");
  publishes(story, 0);
  patches(story, 0, Point::enable_key);
  story.starts(1);
  EXPECT_EQ(story.history().hit(story.passes(1, Point::keyed)).observed.number, 0U);
  EXPECT_EQ(story.history().hit(story.passes(1, Point::loaded)).observed.number, 1U) << "the publication";
}

TEST(HistoryWrites, TheLaterWriteCounts) {
  Story story("w0 register a\nr0 hit\nw0 register b\n");
  publishes(story, 0);
  patches(story, 0, Point::update_call);
  story.completes(0);
  story.starts(1);
  publishes(story, 2);
  story.passes(1, Point::loaded);
  EXPECT_EQ(story.history().hit(story.passes(1, Point::dispatched)).observed.transition, Transition::add_second)
      << "the call was patched before";
}

TEST(HistoryWrites, APatchIsOfWhatItsStepPatches) {
  Story story("w0 register a\nr0 hit\n");
  publishes(story, 0);
  patches(story, 0, Point::update_call);
  EXPECT_EQ(story.history().hit(story.starts(1)).observed.number, 0U) << "the key is as it was";
  EXPECT_EQ(story.history().hit(story.calls(1, 0)).observed.number, 2U);
}

TEST(HistoryWrites, ADirectCallObservedThePatchOfTheCall) {
  Story story("w0 register a\nr0 hit\n");
  publishes(story, 0);
  patches(story, 0, Point::update_call);
  story.starts(1);
  story.passes(1, Point::keyed);
  const Event called = story.calls(1, 0);
  EXPECT_TRUE(story.history().hit(called).direct);
  EXPECT_EQ(story.history().hit(called).observed.number, 2U);
}

TEST(HistoryWrites, ACallOutOfTheIteratorIsNotDirect) {
  Story story("w0 register a\nr0 hit\n");
  runs(story, 0);
  story.starts(1);
  story.passes(1, Point::dispatched);
  EXPECT_FALSE(story.history().hit(story.calls(1, 0)).direct);
}

TEST(HistoryWrites, AnIteratorObservedWhatIsPublishedAtItsNextEvent) {
  Story story("w0 register a\nr0 hit\nw0 register b\nw0 register c\n");
  runs(story, 0);
  story.starts(1);
  story.passes(1, Point::loaded);
  story.passes(1, Point::dispatched);
  runs(story, 2);
  EXPECT_EQ(story.history().hit(story.passes(1, Point::iterating)).observed.transition, Transition::add_second);
  runs(story, 3);
  EXPECT_EQ(story.history().hit(story.passes(1, Point::iterating)).observed.transition, Transition::add_second)
      << "it has loaded";
}

TEST(HistoryWrites, ADirectCallLoadsNothingMore) {
  Story story("w0 register a\nr0 hit\nw0 register b\n");
  runs(story, 0);
  story.starts(1);
  story.passes(1, Point::loaded);
  story.calls(1, 0);
  story.passes(1, Point::dispatched);
  runs(story, 2);
  EXPECT_EQ(story.history().hit(story.passes(1, Point::called)).observed.transition, Transition::add_first);
}

TEST(HistoryWrites, AFaultOfMemoryObservedTheLatestPublicationAndATrapDoesNot) {
  for (const int signal : {SIGSEGV, SIGTRAP}) {
    Story story("w0 register a\nr0 hit\nw0 register b\n");
    runs(story, 0);
    story.starts(1);
    story.passes(1, Point::loaded);
    runs(story, 2);
    const Event faulted = story.faults(1, static_cast<std::int16_t>(signal));
    EXPECT_EQ(story.history().hit(faulted).observed.transition,
              signal == SIGTRAP ? Transition::add_first : Transition::add_second);
  }
}

// Hits and calls.

TEST(HistoryHits, TheCallsOfAHitAreKeptInOrderAndForgottenByTheNext) {
  Story story("r0 hit\nr0 hit\n");
  story.starts(0);
  story.calls(0, 1);
  const auto& calls = story.history().hit(story.calls(0, 0)).calls;
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].func, 1);
  EXPECT_EQ(calls[1].func, 0);
  story.completes(0);
  EXPECT_TRUE(story.history().hit(story.starts(1)).calls.empty());
}

TEST(HistoryHits, OneCallMoreThanAListCanHaveIsKept) {
  Story story("r0 hit\n");
  story.starts(0);
  for (int i = 0; i < 3 * kMaxProbes; ++i) story.calls(0, 0);
  EXPECT_EQ(story.history().hit(story.calls(0, 0)).calls.size(), static_cast<std::size_t>(kMaxProbes) + 1);
}

TEST(HistoryHits, AHitThatHasLeftKnowsHowMuchItHadCalled) {
  Story story("r0 hit\n");
  story.starts(0);
  EXPECT_FALSE(story.history().hit(story.calls(0, 0)).left);
  story.passes(0, Point::unlocked);
  const Hit& hit = story.history().hit(story.calls(0, 1));
  EXPECT_TRUE(hit.left);
  EXPECT_EQ(hit.left_after, 1U);
}

TEST(HistoryHits, WhatWasRegisteredTogetherStaysKnown) {
  Story story("w0 register a\nw0 unregister a\n");
  story.starts(0);
  story.passes(0, Point::begun);
  EXPECT_FALSE(story.history().registered(0, 0)) << "not current yet";
  story.passes(0, Point::publish);
  story.completes(0);
  runs(story, 1);
  EXPECT_TRUE(story.history().registered(0, 0));
  EXPECT_FALSE(story.history().registered(0, 1));
  EXPECT_FALSE(story.history().registered(1, 0));
}

TEST(HistoryHits, TheLastPointIsThatOfTheRunningOperation) {
  Story story("r0 hit\nr0 hit\n");
  EXPECT_EQ(story.history().last_point(story.starts(0)), std::nullopt);
  EXPECT_EQ(story.history().last_point(story.passes(0, Point::loaded)), Point::loaded);
  EXPECT_EQ(story.history().last_point(story.calls(0, 0)), Point::loaded);
  story.completes(0);
  EXPECT_EQ(story.history().last_point(story.starts(1)), std::nullopt);
}

// Nested hits: a probe of r0's hit of tracepoint 0 hits tracepoint 1.

const std::string kNested = "w0 register a\nw0 register b tp=1\nr0 hit nested=1\n";
constexpr int kOuter = 2;

TEST(HistoryNested, ANestedHitIsAHitOfItsOwn) {
  Story story(kNested);
  runs(story, 0);
  runs(story, 1);
  story.starts(kOuter);
  story.passes(kOuter, Point::keyed);
  story.calls(kOuter, 0);
  const Event nested = story.nests(kOuter, 1);
  EXPECT_EQ(story.history().tracepoint_of(nested), 1);
  EXPECT_TRUE(story.history().hit(nested).calls.empty());
  EXPECT_EQ(lists(story.history().window(nested).current), Lists{"b"});
  EXPECT_FALSE(story.history().window(nested).keyed);
}

TEST(HistoryNested, TheOuterHitGoesOnAsItWas) {
  Story story(kNested);
  story.starts(kOuter);
  story.calls(kOuter, 0);
  story.nests(kOuter, 1);
  story.calls(kOuter, 1);
  story.passes(kOuter, Point::unlocked);
  story.unnests(kOuter);
  const Event event = story.passes(kOuter, Point::called);
  EXPECT_EQ(story.history().tracepoint_of(event), 0);
  ASSERT_EQ(story.history().hit(event).calls.size(), 1U);
  EXPECT_EQ(story.history().hit(event).calls[0].func, 0);
  EXPECT_FALSE(story.history().hit(event).left);
}

TEST(HistoryNested, EachNestedHitBeginsAnew) {
  Story story(kNested);
  story.starts(kOuter);
  story.nests(kOuter, 1);
  story.calls(kOuter, 1);
  story.unnests(kOuter);
  EXPECT_TRUE(story.history().hit(story.nests(kOuter, 1)).calls.empty());
}

TEST(HistoryNested, ANestedHitBeginsWithWhatHasReturnedByThen) {
  Story story(kNested);
  story.starts(kOuter);
  runs(story, 1);
  EXPECT_EQ(lists(story.history().window(story.nests(kOuter, 1)).begun), Lists{"b"});
}

// Fed without Story, which commits each point and starts one execution only.

Event event(Event::Kind kind, int cpu, int operation, Point point = Point::keyed) {
  Event event;
  event.kind = kind;
  event.cpu = static_cast<std::uint8_t>(cpu);
  event.operation = static_cast<std::uint8_t>(operation);
  event.point = point;
  return event;
}

constexpr int kW0 = 0;
constexpr int kR0 = cpu_of_reader(0);

TEST(HistoryNested, TheEndOfANestedHitIsJudgedAsThatHits) {
  const Sequence sequence = sequence_of("r0 hit nested=1\n");
  History history;
  history.start(sequence, {});
  history.add(event(Event::Kind::started, kR0, 0));
  Event nested = event(Event::Kind::nested, kR0, 0);
  nested.data = 1;
  history.add(nested);
  const Event end = event(Event::Kind::unnested, kR0, 0);
  history.add(end);
  EXPECT_EQ(history.tracepoint_of(end), 1);
  history.commit_point(end);
  EXPECT_EQ(history.tracepoint_of(end), 0);
}

TEST(HistoryHits, APointIsTheLastOneOnceItIsCommitted) {
  const Sequence sequence = sequence_of("r0 hit\n");
  History history;
  history.start(sequence, {});
  history.add(event(Event::Kind::started, kR0, 0));
  const Event passed = event(Event::Kind::passed, kR0, 0, Point::locked);
  history.add(passed);
  EXPECT_EQ(history.last_point(passed), std::nullopt);
  history.commit_point(passed);
  EXPECT_EQ(history.last_point(passed), Point::locked);
}

TEST(History, PointsTakenInTogetherAreTheSameAsOneByOne) {
  const Sequence sequence = sequence_of("w0 register a\n");
  History history;
  history.start(sequence, {});
  history.add(event(Event::Kind::started, kW0, 0));
  const Event points[] = {event(Event::Kind::passed, kW0, 0, Point::begun),
                          event(Event::Kind::passed, kW0, 0, Point::before_publish),
                          event(Event::Kind::passed, kW0, 0, Point::publish)};
  history.pass(points);
  EXPECT_EQ(list(history.current(points[0])), "a");
}

TEST(History, AnExecutionKnowsNothingOfTheOneBefore) {
  const Sequence sequence = sequence_of("w0 register a\nr0 hit\n");
  History history;
  history.start(sequence, {});
  for (const Event& told : {event(Event::Kind::started, kW0, 0), event(Event::Kind::passed, kW0, 0, Point::begun),
                            event(Event::Kind::passed, kW0, 0, Point::publish), event(Event::Kind::completed, kW0, 0)})
    history.add(told);
  history.start(sequence, {});
  const Event hit = event(Event::Kind::started, kR0, 1);
  history.add(hit);
  history.add(event(Event::Kind::passed, kR0, 1, Point::loaded));
  EXPECT_EQ(lists(history.window(hit).begun), Lists{""});
  EXPECT_FALSE(history.registered(0, 0));
  EXPECT_EQ(history.hit(hit).observed.number, 0U);
}

TEST(HistoryNested, AnExecutionThatEndsInANestedHitLeavesTheNextOneOutside) {
  const Sequence sequence = sequence_of("r0 hit nested=1\n");
  const Event started = event(Event::Kind::started, kR0, 0);
  const Event called = event(Event::Kind::called, kR0, 0);
  Event nested = event(Event::Kind::nested, kR0, 0);
  nested.data = 1;
  History history;
  history.start(sequence, {});
  for (const Event& told : {started, nested}) history.add(told);
  history.start(sequence, {});
  for (const Event& told : {started, called, nested}) history.add(told);
  history.commit_point(event(Event::Kind::unnested, kR0, 0));
  EXPECT_EQ(history.hit(called).calls.size(), 1U) << "the outer hit's";
}

TEST(History, TheRulesOfTheSubjectDecideThePlan) {
  const Sequence sequence = sequence_of("w0 register a\nw0 register b\nw0 unregister a fail=1\n");
  for (const bool fails : {false, true}) {
    History history;
    history.start(sequence, {.enomem_fails = fails});
    for (int operation = 0; operation < 3; ++operation) {
      history.add(event(Event::Kind::started, kW0, operation));
      history.add(event(Event::Kind::completed, kW0, operation));
    }
    const Event last = event(Event::Kind::completed, kW0, 2);
    EXPECT_EQ(history.due_result(last), fails ? -ENOMEM : 0);
    EXPECT_EQ(list(history.current(last)), fails ? "ba" : "b");
  }
}

}  // namespace
}  // namespace tpfuzz
