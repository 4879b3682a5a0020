// The protocols of puzzles: shipped ones with lines changed.
#include <algorithm>
#include <cstdlib>
#include <string>

#include "fuzz/subject/core_subject.h"
#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz {
namespace {

std::string_view word_before_colon(std::string_view line) { return line.substr(0, line.find(':')); }

// Calls `take(line)` for each line, without its end.
template <class Take>
void for_each_line(std::string_view text, Take take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// What both are lines of.
bool replaces(std::string_view lines, std::string_view line) {
  bool found = false;
  for_each_line(lines, [&](std::string_view its) { found |= word_before_colon(its) == word_before_colon(line); });
  return found;
}

}  // namespace

std::string protocol_text(const Puzzle& puzzle) {
  std::string text;
  for_each_line(tp::shipped_text(puzzle.base), [&](std::string_view line) {
    if (line.starts_with('#') || replaces(puzzle.lines, line)) return;
    if (line.starts_with("status:") && !puzzle.lines.empty()) return;  // it is the base's
    const bool names = line.starts_with("protocol ") && !puzzle.lines.empty();
    text += (names ? "protocol " + std::string(puzzle.name) : std::string(line)) + "\n";
  });
  return text.append(puzzle.lines);
}

tp::Protocol puzzle::protocol_of(const Puzzle& puzzle) {
  auto parsed = tp::parse_protocol(protocol_text(puzzle));
  if (std::holds_alternative<tp::ProtocolError>(parsed)) std::abort();  // a mistake of ours: the tests make all puzzles
  auto& protocol = std::get<tp::Protocol>(parsed);
  protocol.name = puzzle.name;
  return std::move(protocol);
}

std::unique_ptr<Subject> puzzle::in_protocol(const Puzzle& puzzle) { return core_subject(protocol_of(puzzle)); }

bool is_in_protocol(const Puzzle& puzzle) { return puzzle.make == puzzle::in_protocol; }

}  // namespace tpfuzz
