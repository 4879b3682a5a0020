#include "repro/session/screen.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tpfuzz {
namespace {

const std::string kWhy =
    "Reader r0 called callback_b with data_c. The reader had loaded {c, b}, which w0's `register c` (1->2) had "
    "published, while the static call still went to callback_b.";

SessionStatus with_findings(std::size_t count) {
  SessionStatus status{.directory = "findings/d25e37d",
                       .called = "d25e37d",
                       .sanitizer = "address",
                       .jobs = 2,
                       .phase = Phase::fuzzing,
                       .seconds = 48,
                       .planned = 3700,
                       .executions = 1'286'049,
                       .speed = 12'585,
                       .reached = {.executions = 9'000'000, .met = 434, .possible = 462},
                       .corpus = 3622};
  for (std::size_t i = 0; i < count; ++i)
    status.findings.push_back({.token = "pairing-1->2-" + std::to_string(i),
                               .why = kWhy,
                               .file = "findings/crash-" + std::to_string(i),
                               .operations = 9,
                               .fewest = i % 2 == 0 ? std::size_t{5} : 0});
  return status;
}

using Lines = std::vector<std::string>;

Lines shown(const SessionStatus& status, ScreenSize size) {
  Lines lines;
  for (const ScreenLine& line : screen_of(status, size, "Ctrl-C ends it.")) lines.push_back(to_terminal(line, false));
  return lines;
}

std::size_t lines_with(const Lines& lines, const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(lines, [&text](const std::string& line) { return line.find(text) != line.npos; }));
}

TEST(Screen, FitsWhateverTheTerminalIs) {
  for (const std::size_t width : {1UL, 2UL, 3UL, 40UL, 80UL, 200UL})
    for (const std::size_t height : {1UL, 5UL, 9UL, 10UL, 24UL, 60UL})
      for (const std::size_t count : {0UL, 1UL, 8UL, 40UL}) {
        const Lines lines = shown(with_findings(count), {width, height});
        EXPECT_LE(lines.size(), height);
        EXPECT_FALSE(lines.empty());
        for (const std::string& line : lines) EXPECT_LE(line.size(), width) << line;
      }
}

TEST(Screen, WithoutFindings) {
  const Lines expected = {
      "tpfuzz: fuzzing d25e37d  sanitizer=address jobs=2",
      "  time           0:48 of 1:01:40, 1:00:52 left",
      "  executions     1,286,049, 12,585/s",
      "  interleavings  434 of at most 462",
      "  corpus         3,622 inputs",
      "  findings       none",
      "",
      "Ctrl-C ends it.",
  };
  EXPECT_EQ(shown(with_findings(0), {80, 24}), expected);
  EXPECT_EQ(shown(with_findings(0), {200, 24}), expected);
}

TEST(Screen, OneFindingIsToldAtLength) {
  const Lines lines = shown(with_findings(1), {80, 24});
  const Lines findings(lines.begin() + 5, lines.end());
  EXPECT_EQ(findings, (Lines{
                          "  findings       1, 1 minimised",
                          "",
                          "  pairing-1->2-0  9 -> 5 operations",
                          "    Reader r0 called callback_b with data_c. The reader had loaded {c, b}, which",
                          "    w0's `register c` (1->2) had published, while the static call still went to",
                          "    callback_b.",
                          "",
                          "Ctrl-C ends it.",
                      }));
}

TEST(Screen, OfEightTheFirstSentence) {
  const Lines lines = shown(with_findings(8), {80, 30});
  EXPECT_EQ(lines_with(lines, "pairing-1->2-"), 8U);
  EXPECT_EQ(lines_with(lines, "    Reader r0 called callback_b with data_c."), 8U);
  EXPECT_EQ(lines_with(lines, "9 -> 5 operations"), 4U);
  EXPECT_EQ(lines_with(lines, "9 operations, not minimised yet"), 4U);
  EXPECT_EQ(lines_with(lines, "8, 4 minimised"), 1U);
  EXPECT_EQ(lines[7], "  pairing-1->2-7  9 operations, not minimised yet") << "the last one stands first";
}

TEST(Screen, OfFortyThoseThatFit) {
  const Lines lines = shown(with_findings(40), {80, 24});
  EXPECT_EQ(lines.size(), 24U);
  EXPECT_EQ(lines[7], "  pairing-1->2-39  Reader r0 called callback_b with data_c.");
  EXPECT_EQ(lines_with(lines, "pairing-1->2-"), 14U);
  EXPECT_EQ(lines[21], "  and 26 more");
  EXPECT_EQ(lines[23], "Ctrl-C ends it.");
}

TEST(Screen, WhatIsTooWideEndsInDots) {
  const Lines lines = shown(with_findings(40), {40, 24});
  EXPECT_EQ(lines[0], "tpfuzz: fuzzing d25e37d  sanitizer=ad...");
  EXPECT_EQ(lines[7], "  pairing-1->2-39  Reader r0 called c...");
}

TEST(Screen, WhatCannotBeReplayedAloneSaysSo) {
  SessionStatus status = with_findings(1);
  status.findings[0].alone = false;
  EXPECT_EQ(lines_with(shown(status, {80, 24}), "does not replay alone"), 1U);
}

TEST(Screen, TheTimeIsThatOfThePhase) {
  SessionStatus status = with_findings(0);
  status.phase = Phase::finishing;
  EXPECT_EQ(shown(status, {80, 24})[0], "tpfuzz: finishing d25e37d  sanitizer=address jobs=2");
  EXPECT_EQ(shown(status, {80, 24})[1], "  time           0:48");
}

TEST(Screen, NothingInItMovesTheCursor) {
  SessionStatus status = with_findings(1);
  status.findings[0].why = "a\033[2Jb\n\xc3\xa4";
  const Lines lines = shown(status, {80, 24});
  EXPECT_EQ(lines[8], "    a?[2Jb?\xc3\xa4");
  for (const std::string& line : lines) EXPECT_EQ(line.find('\033'), line.npos);
}

TEST(Screen, ColoursAddNothingToTheText) {
  for (const ScreenLine& line : screen_of(with_findings(8), {80, 24}, "hint")) {
    std::string text = to_terminal(line, true);
    for (std::size_t at; (at = text.find('\033')) != text.npos;) text.erase(at, text.find('m', at) + 1 - at);
    EXPECT_EQ(text, to_terminal(line, false));
  }
}

}  // namespace
}  // namespace tpfuzz
