// Words of a session: for a shell, and in files of lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tpfuzz {

/// `word` as a shell takes it.
std::string quoted(const std::string& word);

/// `text` with `to` in the place of each `from`.
std::string replaced(std::string text, std::string_view from, std::string_view to);

/// The lines of `text`, without their ends; a last one without an end is one, too.
std::vector<std::string> lines_of(const std::string& text);

}  // namespace tpfuzz
