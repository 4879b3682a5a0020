// "did you mean": which of the known words a person most likely meant by an unknown one.
//
// The distance is that of optimal string alignment: a letter that is added, dropped or replaced, and two neighbours
// that are swapped, cost 1 each. A word is close if at most a third of the letters of the longer of the two words
// differ.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tpfuzz {

/// The distance between `one` and `other`.
std::size_t edit_distance(std::string_view one, std::string_view other);

/// The words of `known` that are closest to `word`, in the order of `known`; none if no word is close. An unknown word
/// of at least three letters is also close to each word that begins with it, if no other word is closer.
std::vector<std::string_view> closest(std::string_view word, std::span<const std::string_view> known);

/// "; did you mean 'A'?", or "'A' or 'B'?", of closest(); empty if no word is close.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> known);

/// The same, of words that are strings.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace tpfuzz
