// What steps make of the tracepoints.
#include "repro/diagram/recorder/state.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

using Lines = std::vector<std::string>;

RecordedStep step(Step::Kind kind, std::string value, std::size_t tracepoint = 0) {
  RecordedStep made;
  made.kind = kind;
  made.value = std::move(value);
  made.tracepoint = tracepoint;
  return made;
}

RecordedStep key_is(bool on) {
  RecordedStep made = step(Step::Kind::other, "");
  made.key_on = on;
  return made;
}

RecordedStep trap_over(SiteKind patched) {
  RecordedStep made = step(Step::Kind::other, "");
  made.trapped = patched;
  return made;
}

Lines all(const State& state) { return state.all(Tracepoints(1)); }

TEST(StateTest, AtFirstNothingIsRegistered) {
  EXPECT_EQ(all(State(false)), (Lines{"static_call = iterator", "funcs = NULL", "key = off",
                                      "text = 0f 1f 44 00 00 (key), e8 rel32 (call)"}));
}

TEST(StateTest, EachStepChangesWhatItIsOf) {
  State state(false);
  state.take(step(Step::Kind::publish, "{a}"));
  state.take(step(Step::Kind::patch, "callback_a"));
  state.take(key_is(true));
  EXPECT_EQ(all(state),
            (Lines{"static_call = callback_a", "funcs = {a}", "key = on", "text = e9 rel32 (key), e8 rel32 (call)"}));
  state.take(key_is(false));
  state.take(step(Step::Kind::load, "on")) /* a reader changes nothing */;
  EXPECT_EQ(all(state).at(2), "key = off");
  EXPECT_EQ(all(state).at(3), "text = 0f 1f 44 00 00 (key), e8 rel32 (call)");
}

TEST(StateTest, AnInt3StaysUntilTheStepIsDone) {
  State state(false);
  state.take(trap_over(SiteKind::call));
  EXPECT_EQ(all(state).at(3), "text = 0f 1f 44 00 00 (key), cc (call)");
  EXPECT_EQ(all(state).at(0), "static_call = iterator");
  state.take(step(Step::Kind::patch, "callback_a"));
  state.take(trap_over(SiteKind::key));
  EXPECT_EQ(all(state).at(3), "text = cc (key), e8 rel32 (call)");
  state.take(key_is(true));
  EXPECT_EQ(all(state).at(3), "text = e9 rel32 (key), e8 rel32 (call)");
}

TEST(StateTest, OneOfSeveralTracepointsIsNamed) {
  State state(true);
  state.take(step(Step::Kind::publish, "{b}", 2));
  EXPECT_EQ(state.call_and_array(Tracepoints(0b100)), (Lines{"tp2: static_call = iterator", "tp2: funcs = {b}"}));
  EXPECT_EQ(state.call_and_array(Tracepoints(0b001)), (Lines{"tp0: static_call = iterator", "tp0: funcs = NULL"}));
}

}  // namespace
}  // namespace tpfuzz
