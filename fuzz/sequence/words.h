// One line of sequence text as words, and how a wrong one is quoted. White space is blanks, tabs and CR; a word that
// begins with '#' ends the line (a comment), so that `park@called#2` is a word and ` # why` is none.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tpfuzz {

/// The words of one line, first to last.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  /// The next word; empty at the end of the line.
  std::string_view next();

 private:
  std::string_view rest_;
};

/// `word` as messages quote it: 'word', bytes that don't print as \xNN, cut after 40 characters; for an empty one
/// "the end of the line".
std::string quoted(std::string_view word);

/// The decimal number that is all of `text`; nothing if it is none or not in low..high.
std::optional<int> number(std::string_view text, int low, int high);

}  // namespace tpfuzz
