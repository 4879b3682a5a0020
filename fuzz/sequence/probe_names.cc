#include "fuzz/sequence/probe_names.h"

#include <algorithm>

namespace tpfuzz {
namespace {

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool is_probe_name(std::string_view word) {
  return !word.empty() && word.size() <= kLongestProbeName && is_letter(word[0]) &&
         std::ranges::all_of(word, [](char c) { return is_letter(c) || is_digit(c); }) && word != "null";
}

void ProbeNames::set(std::size_t slot, std::string_view name) {
  if (own_.size() <= slot) own_.resize(slot + 1);
  own_[slot] = {};
  if (name != probe_letter(slot)) std::ranges::copy(name, own_[slot].begin());
  while (!own_.empty() && own_.back()[0] == '\0') own_.pop_back();
}

}  // namespace tpfuzz
