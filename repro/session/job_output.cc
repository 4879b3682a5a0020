#include "repro/session/job_output.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "repro/session/fresh.h"
#include "repro/session/words.h"

namespace tpfuzz {
namespace {

constexpr std::string_view kToken = "DEDUP_TOKEN: ";
constexpr std::string_view kSequence = "tpfuzz: the sequence:";
constexpr std::size_t kReportLines = 60;  // of a sanitizer's report
constexpr std::size_t kLastLines = 5;

bool begins_report(const std::string& line) {
  constexpr std::array<std::string_view, 3> kBeginnings = {"ERROR: ", "WARNING: ThreadSanitizer", "runtime error: "};
  return std::ranges::any_of(kBeginnings, [&line](std::string_view words) { return line.find(words) != line.npos; });
}

using Lines = std::vector<std::string>;
using Line = Lines::const_iterator;

std::string joined(Line begin, Line end) {
  std::string text;
  for (Line line = begin; line != end; ++line) text += *line + '\n';
  return text;
}

std::string without_last_end(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string violation(const Lines& lines) {
  const Line begin = std::ranges::find_if(lines, is_violation);
  const Line end = std::find_if(begin, lines.end(), [](const auto& line) { return line.starts_with(kToken); });
  return joined(begin, end == lines.end() ? end : end + 1);
}

std::string report_and_sequence(const Lines& lines) {
  const Line begin = std::ranges::find_if(lines, begins_report);
  Line end = std::find(begin, lines.end(), kSequence);
  if (static_cast<std::size_t>(end - begin) > kReportLines) end = begin + kReportLines;
  const Line sequence = std::ranges::find(lines, kSequence);
  return joined(begin, end) + joined(sequence, std::find_if(sequence, lines.end(), [](const auto& line) {
                                       return line.starts_with("artifact_prefix=");
                                     }));
}

// "FILE:LINE: message" or "FILE: expected ..." of the fuzzer itself.
bool is_about_file(const std::string& line) {
  if (line.find(": expected ") != line.npos) return true;
  const std::size_t blank = line.find(' ');
  if (blank == line.npos || blank < 3 || line[blank - 1] != ':') return false;
  const std::size_t colon = line.rfind(':', blank - 2);
  return colon != line.npos && colon > 0 && colon + 1 < blank - 1 &&
         std::all_of(line.begin() + static_cast<std::ptrdiff_t>(colon) + 1,
                     line.begin() + static_cast<std::ptrdiff_t>(blank) - 1,
                     [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string artifact_in(const std::string& output) {
  constexpr std::string_view kWritten = "Test unit written to ";
  for (const std::string& line : lines_of(output)) {
    const std::size_t at = line.find(kWritten);
    if (at == line.npos) continue;
    const std::string file = line.substr(at + kWritten.size());
    const std::string name = file.substr(file.rfind('/') + 1);
    for (const char* kind : {"crash-", "leak-", "timeout-", "oom-"})
      if (name.starts_with(kind)) return file;
  }
  return {};
}

std::string violation_token(const std::string& output) {
  for (const std::string& line : lines_of(output))
    if (line.starts_with(kToken)) return line.substr(kToken.size());
  return {};
}

std::string report_token(const std::string& output, const std::string& sanitizer) {
  for (const std::string& line : lines_of(output)) {
    if (!line.starts_with("SUMMARY: ")) continue;
    const std::size_t colon = line.find(": ", sizeof "SUMMARY:");
    if (colon == line.npos) continue;
    const auto is_part = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'; };
    const auto begin = line.begin() + static_cast<std::ptrdiff_t>(colon) + 2;
    return sanitizer + '-' + std::string(begin, std::find_if_not(begin, line.end(), is_part));
  }
  return sanitizer + '-';
}

bool is_report_token(const std::string& token) {
  return token.starts_with("address-") || token.starts_with("thread-") || token.starts_with("none-");
}

std::string told_of(const std::string& output) {
  const Lines lines = lines_of(output);
  return std::ranges::any_of(lines, is_violation) ? violation(lines) : report_and_sequence(lines);
}

bool tells_finding(const std::string& output) {
  const Lines lines = lines_of(output);
  return std::ranges::any_of(lines, [](const auto& line) { return is_violation(line) || begins_report(line); });
}

std::string last_lines(const std::string& output) {
  const Lines lines = lines_of(output);
  return without_last_end(
      joined(lines.end() - static_cast<std::ptrdiff_t>(std::min(lines.size(), kLastLines)), lines.end()));
}

std::string complaint_in(const std::string& output) {
  std::string text;
  for (const std::string& line : lines_of(output))
    if (is_about_file(line) || line.starts_with("tracepoint") || line.find("ERROR") != line.npos) text += line + '\n';
  return text.empty() ? last_lines(output) : without_last_end(text);
}

}  // namespace tpfuzz
