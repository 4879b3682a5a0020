// A diagram as a comment on a pull request or an issue: Markdown as GitHub reads it.
//
// It has what broke, in a sentence; the verdict's line; the explanation; the diagram; the sequence, with the subject
// that it was found under; and the command that replays it.
#pragma once

#include <cstddef>
#include <string>

#include "repro/diagram/diagram.h"
#include "repro/diagram/text_diagram.h"

namespace tpfuzz {

/// A comment has at most 65,536 characters there.
inline constexpr std::size_t kLongestComment = 65'000;

/// The comment, of at most `most` bytes: where it would be longer, lines in the middle of the diagram are left out, and
/// then those of the sequence, and it says so. `sequence` is the text of a file that replays; lines of the diagram take
/// `width` columns.
std::string comment_of(const Diagram& diagram, const std::string& sequence, std::size_t width = kTextWidth,
                       std::size_t most = kLongestComment);

}  // namespace tpfuzz
