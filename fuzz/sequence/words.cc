#include "fuzz/sequence/words.h"

#include <algorithm>
#include <charconv>

#include "fuzz/base/format.h"

namespace tpfuzz {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r";
constexpr std::size_t kLongestQuote = 40;

}  // namespace

std::string_view Words::next() {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(kWhiteSpace), rest_.size()));
  if (rest_.starts_with('#')) rest_ = {};
  const std::string_view word = rest_.substr(0, rest_.find_first_of(kWhiteSpace));
  rest_.remove_prefix(word.size());
  return word;
}

std::string quoted(std::string_view word) {
  if (word.empty()) return "the end of the line";
  std::string text = "'";
  for (const char character : word) {
    if (text.size() > kLongestQuote) return text + "...'";
    if (character < ' ' || character > '~')
      text += formatted("\\x{:02x}", static_cast<unsigned char>(character));
    else
      text += character;
  }
  return text + "'";
}

std::optional<int> number(std::string_view text, int low, int high) {
  int value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || rest != text.data() + text.size() || value < low || value > high) return std::nullopt;
  return value;
}

}  // namespace tpfuzz
