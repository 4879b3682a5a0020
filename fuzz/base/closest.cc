#include "fuzz/base/closest.h"

#include <algorithm>

namespace tpfuzz {
namespace {

constexpr std::size_t kShortestBeginning = 3;
constexpr std::size_t kMostWords = 3;  // of a suggestion

}  // namespace

std::size_t edit_distance(std::string_view one, std::string_view other) {
  // Rows of the table of distances between the first i letters of `one` and the first j of `other`.
  std::vector<std::size_t> before_last(other.size() + 1);
  std::vector<std::size_t> last(other.size() + 1);
  std::vector<std::size_t> row(other.size() + 1);
  for (std::size_t j = 0; j <= other.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (one[i - 1] != other[j - 1])});
      if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row.back();
}

std::vector<std::string_view> closest(std::string_view word, std::span<const std::string_view> known) {
  std::vector<std::string_view> words;
  std::size_t least = word.size();
  for (const std::string_view each : known) {
    const std::size_t distance = edit_distance(word, each);
    if (distance > least || 3 * distance > std::max(word.size(), each.size())) continue;
    if (distance < least) words.clear();
    least = distance;
    words.push_back(each);
  }
  if (words.empty() && word.size() >= kShortestBeginning)
    std::ranges::copy_if(known, std::back_inserter(words), [&](auto each) { return each.starts_with(word); });
  if (words.size() > kMostWords) words.resize(kMostWords);
  return words;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
  const std::vector<std::string_view> words = closest(word, known);
  std::string list;
  for (const std::string_view each : words) {
    if (!list.empty()) list += each == words.back() ? " or " : ", ";
    list.append("'").append(each) += "'";
  }
  return list.empty() ? list : "; did you mean " + list + "?";
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string_view> views(known.begin(), known.end());
  return did_you_mean(word, views);
}

}  // namespace tpfuzz
