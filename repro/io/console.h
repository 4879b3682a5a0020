// How a program talks to the person at the terminal: colours, remarks and whether progress is shown.
//
// Results go to standard output, remarks and progress to standard error. Colours follow https://no-color.org: none
// where NO_COLOR is set and not empty, nor where the output is no terminal; --color always and never are stronger.
// Set while the command line is parsed, by one thread; read-only afterwards.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tpfuzz::console {

/// The words of --color.
std::vector<std::string> color_words();

/// Takes one of color_words().
void set_color(const std::string& when);

/// From now on there are neither remarks nor progress.
void set_quiet();
bool is_quiet();

/// Whether what is written to standard output, or to standard error, is coloured.
bool colors_output();
bool colors_errors();

/// `line` as standard output shows it: of a verdict's line the verdict is coloured.
std::string shown(std::string_view line);

/// A line on standard error, unless there are no remarks.
void remark(std::string_view line);

/// The lines of what is wrong, on standard error. Not silenced.
void print_error(std::string_view lines);

}  // namespace tpfuzz::console
