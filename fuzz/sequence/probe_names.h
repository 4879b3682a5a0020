// The names that a person's text gives to probes: `probe sched func=0 data=0`. Only the text form has them. In the
// binary form, and in all that fuzzers make, a probe goes by the letter of its slot, a to h.
//
// A fuzzer copies sequences all the time, and its sequences have no names. So the names are a vector of fixed room
// inside the sequence: a copy of an empty one writes its size and nothing else, and nothing is ever allocated.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <string_view>

namespace tpfuzz {

inline constexpr int kMaxProbes = 8;
inline constexpr std::size_t kLongestProbeName = 31;

/// The letter of a probe's slot: "a" for 0.
constexpr std::string_view probe_letter(std::size_t slot) { return std::string_view("abcdefgh").substr(slot, 1); }

/// Whether `word` is one of the letters.
constexpr bool is_probe_letter(std::string_view word) {
  return word.size() == 1 && word[0] >= 'a' && word[0] < 'a' + kMaxProbes;
}

/// The slot of a letter.
constexpr std::size_t slot_of_letter(std::string_view letter) { return static_cast<std::size_t>(letter[0] - 'a'); }

/// Whether `word` can be what a probe is called: [A-Za-z_][A-Za-z0-9_]*, not too long, and not `null`.
bool is_probe_name(std::string_view word);

/// What the slots are called. A slot without a name of its own goes by its letter, and no other slot may have that one.
/// A plain value.
class ProbeNames {
 public:
  /// The name of a slot, its own or its letter. Valid until the names change.
  std::string_view of(std::size_t slot) const { return has_own(slot) ? own_[slot].data() : probe_letter(slot); }

  /// Whether the slot has a name of its own.
  bool has_own(std::size_t slot) const { return slot < own_.size() && own_[slot][0] != '\0'; }

  /// Calls a slot `name`, which is_probe_name. Its letter takes its own name away.
  void set(std::size_t slot, std::string_view name);

  bool operator==(const ProbeNames&) const = default;

 private:
  using Name = std::array<char, kLongestProbeName + 1>;    // the end is zeros; all zeros: none
  boost::container::static_vector<Name, kMaxProbes> own_;  // the last is a name
};

}  // namespace tpfuzz
