#include "repro/diagram/lines.h"

#include <algorithm>
#include <limits>
#include <string_view>

namespace tpfuzz {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::string_view kHangs = "= {";

// Where `line` can be broken so that what stands in front takes at most `width`: behind a blank that does not indent,
// or an opening parenthesis with something in it; least deep inside parentheses and braces, and there the last; where
// there is none, in front of what hangs behind an "=". 0 if it can't.
std::size_t break_of(const std::string& line, std::size_t width) {
  std::size_t best = 0;
  int depth = 0;
  int least = std::numeric_limits<int>::max();
  for (std::size_t i = line.find_first_not_of(' ') + 1; i + 1 < line.size() && i <= width; ++i) {
    depth += (line[i] == '(' || line[i] == '{') - (line[i] == ')' || line[i] == '}');
    const bool binds = line[i + 1] == '=' || (line[i - 1] == '=' && line[i + 1] == '{');
    const bool blank = line[i] == ' ' && !binds;
    const bool opens = line[i] == '(' && line[i + 1] != ')' && i < width;
    if ((!blank && !opens) || depth > least) continue;
    best = i + 1;
    least = depth;
  }
  const std::size_t hanging = line.find(kHangs);
  if (best == 0 && hanging != std::string::npos && hanging < width) best = hanging + kHangs.size() - 1;
  return best;
}

// Breaks `line` where it is wider than `width`; what follows is indented.
void add_broken(Lines& lines, std::string line, std::size_t width) {
  while (line.size() > width) {
    const std::size_t place = break_of(line, width);
    if (place == 0) break;
    const std::size_t indent = lines.empty() || line.front() != ' ' ? kIndent : 0;
    lines.push_back(line.substr(0, line.find_last_not_of(' ', place - 1) + 1));
    line = std::string(indent + line.find_first_not_of(' '), ' ') + line.substr(place);
  }
  lines.push_back(line);
}

}  // namespace

Lines split(const std::string& text) {
  Lines lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

Lines broken(const Lines& whole, std::size_t width) {
  Lines lines;
  bool hangs = false;  // below what hung behind an "=", and does no longer
  for (std::string line : whole) {
    const std::size_t begin = line.find_first_not_of(' ');
    hangs = hangs && begin != std::string::npos && begin > kIndent && line[begin] == '{';
    if (hangs) line = std::string(kIndent, ' ') + line.substr(begin);
    add_broken(lines, line, width);
    hangs |= line.find(kHangs) != std::string::npos && lines.back().starts_with(std::string(kIndent, ' ') + "{");
  }
  return lines;
}

Lines wrapped(const std::string& text, std::size_t width) {
  Lines lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::size_t length = end - begin;
    if (lines.empty() || lines.back().size() + 1 + length > width)
      lines.push_back(text.substr(begin, length));
    else
      lines.back() += " " + text.substr(begin, length);
    begin = end + 1;
  }
  return lines;
}

std::size_t widest(const Lines& lines) {
  std::size_t width = 0;
  for (const std::string& line : lines) width = std::max(width, line.size());
  return width;
}

}  // namespace tpfuzz
