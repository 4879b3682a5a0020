// What counts as one cause.
#include "repro/report/causes.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

ShownFinding finding(const std::string& transition, const std::string& cause) {
  ShownFinding finding;
  finding.transition = transition;
  finding.diagram.emplace().cause = cause;
  return finding;
}

ShownFinding reported(const std::string& kind) {
  ShownFinding finding;
  finding.invariant = kind;
  return finding;
}

TEST(CausesTest, TheNamesInAStoryDoNotMatter) {
  const auto causes =
      causes_of({finding("1->2", "The `register b` of w0 waits for nobody: nobody had waited for r0."),
                 finding("2->1", "The `register b` of w0 waits for nobody: nobody had waited for r0."),
                 finding("1->2", "The `register c` of w1 waits for nobody: nobody had waited for r2.")});
  ASSERT_EQ(causes.size(), 2U) << "the transition matters";
  EXPECT_EQ(causes[0].findings, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(causes[0].transition, "1->2");
  EXPECT_EQ(causes[0].sentence, "The `register b` of w0 waits for nobody: nobody had waited for r0.");
  EXPECT_EQ(causes[1].findings, (std::vector<std::size_t>{1}));
}

TEST(CausesTest, AnotherStoryIsAnotherCause) {
  EXPECT_EQ(causes_of({finding("1->2", "The cookie was too old."), finding("1->2", "Nothing waited.")}).size(), 2U);
}

TEST(CausesTest, WhatASanitizerReportedIsTheSameIfItsKindIs) {
  const auto causes = causes_of({reported("address-heap-use-after-free"), finding("", ""),
                                 reported("address-heap-use-after-free"), reported("thread-data-race")});
  ASSERT_EQ(causes.size(), 3U);
  EXPECT_EQ(causes[0].findings, (std::vector<std::size_t>{0, 2}));
}

}  // namespace
}  // namespace tpfuzz
