// Lines of text that have to fit.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tpfuzz {

using Lines = std::vector<std::string>;

Lines split(const std::string& text);

/// `whole`, each line broken where it is wider than `width` if it can be; what follows is indented.
Lines broken(const Lines& whole, std::size_t width);

/// `text`, words separated by blanks, in lines of at most `width` if no word is longer.
Lines wrapped(const std::string& text, std::size_t width);

/// How wide the widest of them is.
std::size_t widest(const Lines& lines);

}  // namespace tpfuzz
