#include "fuzz/subject/protocol_mistakes.h"

#include <algorithm>
#include <string>

namespace tpfuzz {
namespace {

// Where line `number` of `text` begins.
std::size_t begin_of(const std::string& text, int number) {
  std::size_t at = 0;
  for (int line = 1; line < number; ++line) at = text.find('\n', at) + 1;
  return at;
}

bool is_named(const std::string& text, std::size_t before) {
  const std::string_view above = std::string_view(text).substr(0, before);
  for (std::size_t at = 0; at < above.size(); at = std::min(above.find('\n', at), above.size()) + 1) {
    const std::size_t word = above.find_first_not_of(" \t\r", at);
    if (word != above.npos && above[word] != '\n' && above[word] != '#') return true;
  }
  return false;
}

}  // namespace

std::vector<Error> protocol_mistakes(std::string_view text, const Error& first, const tp::Dialect& dialect) {
  std::vector<Error> mistakes = {first};
  if (first.line == 0) return mistakes;
  std::string rest(text);
  if (!rest.ends_with('\n')) rest += '\n';
  const auto lines = static_cast<int>(std::ranges::count(rest, '\n'));
  rest += '\n';  // a line more: what is wrong with the whole is said of the last line
  for (int line = first.line; mistakes.size() < kMostMistakes;) {
    const std::size_t begin = begin_of(rest, line);
    // The name comes first: without one each other line would be taken for it.
    const char* const blank = is_named(rest, begin) ? "" : "protocol unnamed";
    rest.replace(begin, rest.find('\n', begin) - begin, blank);
    const auto parsed = tp::parse_protocol(rest, dialect);
    const auto* const error = std::get_if<tp::ProtocolError>(&parsed);
    if (error == nullptr || error->line > lines) break;
    mistakes.push_back({error->line, error->message});
    line = error->line;
  }
  return mistakes;
}

}  // namespace tpfuzz
