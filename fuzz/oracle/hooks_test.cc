#include "fuzz/oracle/hooks.h"

#include <gtest/gtest.h>

#include "fuzz/oracle/testing/story.h"

namespace tpfuzz {
namespace {

// The hooks that run in each operation, in order: '+' enable, '-' disable.
using Ran = std::vector<std::string>;

// Where it breaks: "1-" at the disable hook of operation 1, "1." at its end; "" if it holds.
std::string broken(const std::string& lines, const Ran& ran) {
  Story story(lines);
  const auto holds = [&story](const Event& event) { return hooks_hold(story.history(), event); };
  for (std::size_t i = 0; i < ran.size(); ++i) {
    const int operation = static_cast<int>(i);
    story.starts(operation);
    story.passes(operation, tp::Point::begun);
    for (const char hook : ran[i])
      if (!holds(story.runs_hook(operation, hook == '+'))) return std::to_string(i) + hook;
    if (!holds(story.completes(operation))) return std::to_string(i) + '.';
  }
  return "";
}

TEST(Hooks, TheFirstRegistrationEnables) {
  const std::string lines = "w0 register a\n";
  EXPECT_EQ(broken(lines, {"+"}), "");
  EXPECT_EQ(broken(lines, {""}), "0.");
  EXPECT_EQ(broken(lines, {"++"}), "0+");
  EXPECT_EQ(broken(lines, {"-"}), "0-");
  EXPECT_EQ(broken(lines, {"+-"}), "0-");
}

TEST(Hooks, TheLastRemovalDisables) {
  const std::string lines = "w0 register a\nw0 unregister a\n";
  EXPECT_EQ(broken(lines, {"+", "-"}), "");
  EXPECT_EQ(broken(lines, {"+", ""}), "1.");
  EXPECT_EQ(broken(lines, {"+", "--"}), "1-");
  EXPECT_EQ(broken(lines, {"+", "+"}), "1+");
}

TEST(Hooks, NoneRunsWhileProbesStay) {
  const std::string lines = "w0 register a\nw0 register b\nw0 unregister a\n";
  EXPECT_EQ(broken(lines, {"+", "", ""}), "");
  EXPECT_EQ(broken(lines, {"+", "+"}), "1+");
  EXPECT_EQ(broken(lines, {"+", "", "-"}), "2-");
}

TEST(Hooks, ARegistrationThatFailsDisablesWhatItEnabled) {
  for (const char* lines : {"w0 register a fail=1\n", "w0 register null\n"}) {
    EXPECT_EQ(broken(lines, {"+-"}), "") << lines;
    EXPECT_EQ(broken(lines, {"+"}), "0.") << lines;
    EXPECT_EQ(broken(lines, {""}), "0.") << lines;
    EXPECT_EQ(broken(lines, {"-+"}), "0-") << lines << "the wrong way round";
  }
}

TEST(Hooks, ARefusedEnableIsNotUndone) {
  const std::string lines = "w0 register a hook=fail\n";
  EXPECT_EQ(broken(lines, {"+"}), "");
  EXPECT_EQ(broken(lines, {"+-"}), "0-");
  EXPECT_EQ(broken(lines, {""}), "0.");
}

TEST(Hooks, AFailureThatIsNoChangeRunsNone) {
  EXPECT_EQ(broken("w0 unregister a\n", {""}), "");
  EXPECT_EQ(broken("w0 unregister a\n", {"-"}), "0-");
  EXPECT_EQ(broken("w0 register a\nw0 register a\n", {"+", ""}), "");
  EXPECT_EQ(broken("w0 register a\nw0 register a\n", {"+", "-"}), "1-");
}

TEST(Hooks, EachOperationCountsItsOwn) {
  const std::string lines = "w0 register a\nw0 unregister a\nw0 register a\nw1 register a tp=1\nw1 unregister a tp=1\n";
  EXPECT_EQ(broken(lines, {"+", "-", "+", "+", "-"}), "");
  EXPECT_EQ(broken(lines, {"+", "-", ""}), "2.");
  EXPECT_EQ(broken(lines, {"+", "-", "+", ""}), "3.");
}

TEST(Hooks, RunUnderTheMutex) {
  Story story("w0 register a\n");
  story.starts(0);
  EXPECT_FALSE(hooks_hold(story.history(), story.runs_hook_without_mutex(0, true)));
}

// w0 registers a and publishes it; r0 comes and calls it.
constexpr const char* kCalledEarly = "w0 register a\nr0 hit\n";

TEST(Hooks, NoProbeIsCalledBeforeItIsEnabled) {
  Story story(kCalledEarly);
  story.starts(0);
  story.passes(0, tp::Point::begun);
  story.passes(0, tp::Point::publish);
  story.starts(1);
  EXPECT_FALSE(hooks_hold(story.history(), story.calls(1, 0)));
}

TEST(Hooks, AProbeIsCalledOnceItIsEnabled) {
  Story story(kCalledEarly);
  story.starts(0);
  story.passes(0, tp::Point::begun);
  story.runs_hook(0, true);
  story.passes(0, tp::Point::publish);
  story.starts(1);
  EXPECT_TRUE(hooks_hold(story.history(), story.calls(1, 0)));
}

// The disable hook of 1->0 runs before anything else: a reader that began before may still call the probe. So it may
// if another registration has begun since, of the same probe.
TEST(Hooks, AReaderFromBeforeMayCallWhatIsDisabled) {
  Story story("w0 register a\nr0 hit\nw0 unregister a\nw0 register a\n");
  story.starts(0);
  story.passes(0, tp::Point::begun);
  story.runs_hook(0, true);
  story.passes(0, tp::Point::publish);
  story.completes(0);
  story.starts(1);
  story.starts(2);
  story.passes(2, tp::Point::begun);
  story.runs_hook(2, false);
  EXPECT_TRUE(hooks_hold(story.history(), story.calls(1, 0)));
  story.passes(2, tp::Point::publish);
  story.completes(2);
  story.starts(3);
  story.passes(3, tp::Point::begun);
  EXPECT_TRUE(hooks_hold(story.history(), story.calls(1, 0)));
}

TEST(Hooks, WhatNoVersionListsIsNoMistakeOfAHook) {
  Story story(kCalledEarly);
  story.starts(1);
  EXPECT_TRUE(hooks_hold(story.history(), story.calls(1, 1)));
}

}  // namespace
}  // namespace tpfuzz
