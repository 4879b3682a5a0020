// How sequence text begins: `tpfuzz 1` is its first line that is neither blank nor a comment. A UTF-8 byte order mark
// may stand before everything.
#pragma once

#include <string>
#include <string_view>

namespace tpfuzz {

/// The first line of a text that is neither blank nor a comment.
struct Header {
  int line = 1;              ///< its number; that of the last line if there is no such line
  std::string_view content;  ///< without its new line; empty if there is no such line
  std::string_view rest;     ///< the text after it
};

Header header_of(std::string_view text);

/// Whether its first word is `tpfuzz`, and the line goes on after it.
bool names_us(const Header& header);

/// Whether it says `tpfuzz` and a number: it is a sequence's, of whatever version.
bool names_version(const Header& header);

/// What is wrong with it; empty if it says `tpfuzz 1`.
std::string mistake_in(const Header& header);

/// What mistake_in expects.
inline constexpr std::string_view kHeader = "tpfuzz 1";

/// Takes the first line off `text`, without its new line.
std::string_view next_line(std::string_view& text);

}  // namespace tpfuzz
