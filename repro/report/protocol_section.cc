#include "repro/report/protocol_section.h"

#include <fmt/format.h>

#include <algorithm>

#include "repro/diagram/xml.h"
#include "repro/report/page_style.h"
#include "repro/session/words.h"

namespace tpfuzz {
namespace {

// "0->1" of "0->1: publish"; empty for another line.
std::string_view transition_of(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::string_view key = line.substr(0, colon);
  return colon != line.npos && key.find("->") != key.npos && !key.starts_with('#') ? key : std::string_view();
}

bool is_blamed(const SessionReport& report, std::string_view line) {
  const std::string_view transition = transition_of(line);
  return !transition.empty() &&
         std::ranges::find(report.findings, transition, &ShownFinding::transition) != report.findings.end();
}

}  // namespace

std::vector<std::string> lines_about(std::string_view text, std::string_view transition) {
  std::vector<std::string> lines;
  if (transition.empty()) return lines;
  bool goes_on = false;
  for (std::string& line : lines_of(std::string(text))) {
    goes_on = transition_of(line) == transition || (goes_on && line.starts_with(' '));
    if (goes_on) lines.push_back(std::move(line));
  }
  return lines;
}

std::string protocol_section_of(const SessionReport& report) {
  std::string html = "<section id=\"protocol\">\n<h2>Protocol</h2>\n";
  if (report.protocol_text.empty()) return html + "<p>It has no text.</p>\n</section>\n";
  std::string text;
  bool marks = false;
  for (const std::string& line : lines_of(report.protocol_text)) {
    const bool blamed = is_blamed(report, line);
    marks |= blamed;
    text += fmt::format("{}{}{}\n", blamed ? "<mark>" : "", escaped(line), blamed ? "</mark>" : "");
  }
  if (marks) html += "<p>Marked and underlined: the transitions that findings blame.</p>\n";
  return html + copied_block("the protocol", text) + "</section>\n";
}

}  // namespace tpfuzz
