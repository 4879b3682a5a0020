#include "repro/session/screen.h"

#include <fmt/color.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "repro/diagram/chart.h"
#include "repro/diagram/lines.h"
#include "repro/session/words.h"

namespace tpfuzz {
namespace {

using Finding = SessionStatus::Finding;
using Screen = std::vector<ScreenLine>;

constexpr std::size_t kLabel = 15;    // columns, with the two before it
constexpr std::size_t kWidest = 110;  // of an explanation: longer lines are hard to read

bool continues_letter(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }  // UTF-8

std::size_t columns(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues_letter(c); }));
}

// The first `width` columns of `text`.
std::string beginning(const std::string& text, std::size_t width) {
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end)
    if (!continues_letter(text[end]) && seen++ == width) break;
  return text.substr(0, end);
}

// `line`, where it is wider than `width` with dots at its end; without what moves a terminal's cursor.
ScreenLine cut(ScreenLine line, std::size_t width) {
  constexpr std::size_t kDots = 3;
  std::size_t total = 0;
  for (Span& span : line) {
    for (char& c : span.text)
      if (static_cast<unsigned char>(c) < ' ' || c == '\177') c = '?';
    total += columns(span.text);
  }
  if (total <= width) return line;
  std::size_t left = width > kDots ? width - kDots : 0;
  ScreenLine kept;
  for (const Span& span : line) {
    kept.push_back({beginning(span.text, left), span.look});
    left -= columns(kept.back().text);
    if (left == 0) break;
  }
  kept.push_back({std::string(std::min(kDots, width), '.')});
  return kept;
}

// "1:02:03"
std::string clock(std::int64_t seconds) {
  const auto [hours, rest] = std::pair(seconds / 3600, seconds % 3600);
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, rest / 60, rest % 60);
  return fmt::format("{}:{:02}", rest / 60, rest % 60);
}

std::string time_words(const SessionStatus& status) {
  const std::string so_far = clock(status.seconds);
  if (status.phase != Phase::fuzzing || status.planned == 0) return so_far;
  const std::int64_t left = std::max<std::int64_t>(status.planned - status.seconds, 0);
  return fmt::format("{} of {}, {} left", so_far, clock(status.planned), clock(left));
}

std::string counted(std::int64_t count, const char* noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

Span findings_words(const SessionStatus& status) {
  if (status.findings.empty()) return {"none", Look::good};
  const auto minimised = std::ranges::count_if(status.findings, [](const Finding& its) { return its.fewest != 0; });
  return {fmt::format("{}, {} minimised", status.findings.size(), minimised), Look::bad};
}

ScreenLine row(const char* label, Span value) { return {{fmt::format("  {:<{}}", label, kLabel)}, std::move(value)}; }

Screen numbers(const SessionStatus& status) {
  Screen screen;
  screen.push_back({{"tpfuzz: "},
                    {fmt::format("{} {}", name_of(status.phase), status.called), Look::strong},
                    {fmt::format("  sanitizer={} jobs={}", status.sanitizer, status.jobs), Look::faint}});
  screen.push_back(row("time", {time_words(status)}));
  screen.push_back(row("executions", {fmt::format("{}, {}/s", grouped(status.executions), grouped(status.speed))}));
  screen.push_back(
      row("interleavings", {fmt::format("{} of at most {}", status.reached.met, status.reached.possible)}));
  screen.push_back(row("corpus", {counted(status.corpus, "input")}));
  screen.push_back(row("findings", findings_words(status)));
  return screen;
}

std::string first_sentence(const std::string& text) {
  const std::size_t end = text.find(". ");
  return end == text.npos ? text : text.substr(0, end + 1);
}

ScreenLine title(const Finding& finding) {
  return {{"  "}, {finding.token, Look::bad}, {"  " + size_words(finding), Look::faint}};
}

// The last finding first. The explanations are whole.
Screen at_length(const std::vector<Finding>& findings, std::size_t width) {
  constexpr std::size_t kIndent = 4;
  Screen screen;
  for (std::size_t i = findings.size(); i-- > 0;) {
    screen.push_back(title(findings[i]));
    for (const std::string& line : wrapped(findings[i].why, std::min(std::max(width, 2 * kIndent) - kIndent, kWidest)))
      screen.push_back({{std::string(kIndent, ' ') + line}});
  }
  return screen;
}

Screen in_two_lines(const std::vector<Finding>& findings) {
  Screen screen;
  for (std::size_t i = findings.size(); i-- > 0;) {
    screen.push_back(title(findings[i]));
    screen.push_back({{"    " + first_sentence(findings[i].why)}});
  }
  return screen;
}

Screen in_a_line(const std::vector<Finding>& findings, std::size_t height) {
  const bool all = findings.size() <= height;
  const std::size_t shown = all ? findings.size() : std::max<std::size_t>(height, 1) - 1;
  std::size_t widest = 0;
  for (std::size_t i = 0; i < shown; ++i) widest = std::max(widest, findings[findings.size() - 1 - i].token.size());
  Screen screen;
  for (std::size_t i = 0; i < shown; ++i) {
    const Finding& finding = findings[findings.size() - 1 - i];
    screen.push_back(
        {{"  "}, {fmt::format("{:<{}}", finding.token, widest), Look::bad}, {"  " + first_sentence(finding.why)}});
  }
  if (!all && height > 0) screen.push_back({{fmt::format("  and {} more", findings.size() - shown), Look::faint}});
  return screen;
}

Screen findings_in(const SessionStatus& status, std::size_t width, std::size_t height) {
  Screen screen = at_length(status.findings, width);
  if (screen.size() > height) screen = in_two_lines(status.findings);
  if (screen.size() > height) screen = in_a_line(status.findings, height);
  return screen;
}

}  // namespace

std::vector<ScreenLine> screen_of(const SessionStatus& status, ScreenSize size, const std::string& hint) {
  Screen screen = numbers(status);
  const std::size_t others = screen.size() + 3;  // two blank lines and the hint
  if (!status.findings.empty() && size.height > others) {
    screen.emplace_back();
    std::ranges::move(findings_in(status, size.width, size.height - others), std::back_inserter(screen));
  }
  if (screen.size() + 2 <= size.height) {
    screen.emplace_back();
    screen.push_back({{hint, Look::faint}});
  }
  if (screen.size() > size.height) screen.resize(size.height);
  for (ScreenLine& line : screen) line = cut(std::move(line), size.width);
  return screen;
}

std::string to_terminal(const ScreenLine& line, bool coloured) {
  std::string text;
  for (const Span& span : line) {
    if (!coloured || span.look == Look::plain || span.text.empty()) {
      text += span.text;
      continue;
    }
    fmt::text_style style = fmt::emphasis::bold;
    if (span.look == Look::faint) style = fmt::emphasis::faint;
    if (span.look == Look::good) style |= fmt::fg(fmt::terminal_color::green);
    if (span.look == Look::bad) style |= fmt::fg(fmt::terminal_color::red);
    text += fmt::format(style, "{}", span.text);
  }
  return text;
}

}  // namespace tpfuzz
