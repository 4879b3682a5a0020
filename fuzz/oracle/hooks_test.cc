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

}  // namespace
}  // namespace tpfuzz
