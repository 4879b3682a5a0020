// The sentence that says what a check is worth: of checks that were made by hand.
#include "repro/check/checked.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

Exploration exploration(const std::string& label, bool complete, int begun) {
  Exploration its;
  its.label = label;
  its.bounds.operations.reset();
  its.bounds.faultable = label == "faultable readers";
  its.explored.complete = complete;
  its.explored.operations = begun;
  its.explored.states = 1000;
  return its;
}

Checked clean() {
  Checked checked;
  checked.name = "mine";
  checked.replays = {.runs = 9, .lacking = 0, .broken = {}, .complete = true};
  checked.explorations = {exploration("", true, 9), exploration("2 readers", false, 4),
                          exploration("2 writers", false, 4), exploration("any number of hits", true, 9),
                          exploration("faultable readers", true, 9)};
  checked.searches.push_back({false, 50, {.executions = 50, .complete = true, .found = {}, .verdict = {}}, {}});
  return checked;
}

Breakage breakage(bool exhaustive) {
  Sequence sequence;
  sequence.operations.resize(2);
  for (Operation& operation : sequence.operations) operation.verb = Verb::register_probe;
  return {sequence, {}, "a random execution", exhaustive};
}

TEST(Conclusion, SaysWhatWasExploredTheLongestFirst) {
  EXPECT_EQ(
      conclusion(clean()),
      "clean: no violation in every schedule of sequences of any length on 3 probes with 1 reader of 1 hit; in every "
      "schedule of sequences of any length with any number of hits, with faultable readers; in every schedule of "
      "sequences of up to 3 operations with 2 readers, with 2 writers; in 50 random executions with up to 2 writers "
      "and "
      "4 readers; in 9 known sequences; not tried: a processor that reorders memory accesses");
  EXPECT_EQ(why_not_clean(clean()), "");
}

TEST(Conclusion, WhatBreaksFaultableReadersAloneIsSaidUnlessItIsPromised) {
  Checked checked = clean();
  checked.explorations.back().explored.broken = true;
  checked.faultable = breakage(true);
  EXPECT_FALSE(is_broken(checked));
  EXPECT_TRUE(conclusion(checked).starts_with("clean: "));
  EXPECT_NE(conclusion(checked).find("; under faultable readers 2 operations break it;"), std::string::npos);
  checked.protocol.faultable = tp::Protocol::Status::correct;
  EXPECT_TRUE(is_broken(checked));
  EXPECT_TRUE(conclusion(checked).starts_with(
      "broken: 2 operations break the invariant pairing under faultable readers, for which the protocol says"));
}

TEST(Conclusion, IsNotCleanWithoutTheMainExploration) {
  Checked stopped = clean();
  stopped.explorations.front() = exploration("", false, kMainOperations);
  EXPECT_EQ(why_not_clean(stopped),
            "the exploration of one reader stopped before the end of 5 operations, at 1000 states");
  EXPECT_TRUE(conclusion(stopped).starts_with("not decided: the exploration of one reader stopped "));
  stopped.explorations.front() = exploration("", false, kMainOperations + 1);
  EXPECT_EQ(why_not_clean(stopped), "");
  EXPECT_TRUE(
      conclusion(stopped).starts_with("clean: no violation in every schedule of every sequence of up to 5 operations "
                                      "on 3 probes with 1 reader of 1 hit; "));

  Checked limited = clean();
  limited.limit = "its state can't be saved and put back";
  for (Exploration& its : limited.explorations) its.not_run = limited.limit;
  EXPECT_TRUE(
      conclusion(limited).starts_with("not decided: its schedules were not explored, because its state can't be "
                                      "saved and put back; no violation in 50 random executions "))
      << conclusion(limited);
  EXPECT_NE(conclusion(limited).find("faultable readers were not explored"), std::string::npos);

  Checked promised = clean();
  promised.protocol.faultable = tp::Protocol::Status::correct;
  EXPECT_EQ(why_not_clean(promised), "");
  promised.explorations.back() = exploration("faultable readers", false, kMainOperations);
  EXPECT_EQ(why_not_clean(promised),
            "the exploration of a faultable reader stopped before the end of 5 operations, at 1000 states");
  promised.explorations.back().not_run = "the subject has no faultable readers";
  EXPECT_EQ(why_not_clean(promised),
            "a faultable reader was not explored, because the subject has no faultable readers");
  Checked unlike = clean();
  unlike.explorations.front().not_run = "the subject has no priorities";
  EXPECT_EQ(why_not_clean(unlike), "one reader was not explored, because the subject has no priorities");

  Checked unshown = clean();
  unshown.unshown = "every schedule";
  EXPECT_EQ(why_not_clean(unshown), "every schedule broke it, by an execution that no sequence shows");

  Checked interrupted = clean();
  interrupted.interrupted = true;
  EXPECT_EQ(why_not_clean(interrupted), "the check was interrupted");
  Checked known = clean();
  known.known_mistake = "its file";
  EXPECT_EQ(why_not_clean(known), "its file says that it is broken");
}

TEST(Conclusion, SaysThatNoShorterOneBreaksIfThatIsKnown) {
  Checked checked = clean();
  checked.ordinary = breakage(true);
  EXPECT_NE(conclusion(checked).find("no sequence with fewer operations does"), std::string::npos);
  checked.ordinary = breakage(false);
  EXPECT_EQ(conclusion(checked), "broken: 2 operations break the invariant pairing, found by a random execution");
}

}  // namespace
}  // namespace tpfuzz
