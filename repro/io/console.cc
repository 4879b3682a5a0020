#include "repro/io/console.h"

#include <fmt/color.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace tpfuzz::console {
namespace {

enum class Color : std::uint8_t { automatic, always, never };

Color color = Color::automatic;
bool quiet = false;

bool colors(int stream) {
  if (color != Color::automatic) return color == Color::always;
  const char* const no_color = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  const bool is_dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return (no_color == nullptr || *no_color == '\0') && !is_dumb && isatty(stream) == 1;
}

struct Word {
  std::string_view text;
  fmt::terminal_color color;
};
constexpr std::array kVerdicts = {Word{"VIOLATION", fmt::terminal_color::red}, Word{"REPORT", fmt::terminal_color::red},
                                  Word{"clean", fmt::terminal_color::green},
                                  Word{"stopped", fmt::terminal_color::yellow}};
constexpr std::string_view kBegin = "tpfuzz: ";

std::string coloured(std::string_view text, fmt::terminal_color of) {
  return fmt::format(fmt::emphasis::bold | fmt::fg(of), "{}", text);
}

}  // namespace

std::vector<std::string> color_words() { return {"auto", "always", "never"}; }

void set_color(const std::string& when) {
  color = when == "always" ? Color::always : when == "never" ? Color::never : Color::automatic;
}

void set_quiet() { quiet = true; }
bool is_quiet() { return quiet; }

bool colors_output() { return colors(STDOUT_FILENO); }
bool colors_errors() { return colors(STDERR_FILENO); }

std::string shown(std::string_view line) {
  if (!colors_output()) return std::string(line);
  for (const Word& word : kVerdicts) {
    const std::size_t at = line.find(fmt::format("{}{} ", kBegin, word.text));
    if (at == line.npos) continue;
    const std::size_t begin = at + kBegin.size();
    return fmt::format("{}{}{}", line.substr(0, begin), coloured(word.text, word.color),
                       line.substr(begin + word.text.size()));
  }
  return std::string(line);
}

void remark(std::string_view line) {
  if (!quiet) std::fputs(fmt::format("{}\n", line).c_str(), stderr);
}

void print_error(std::string_view lines) {
  const bool is_coloured = colors_errors();
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    const std::size_t at = is_coloured ? line.find("expected ") : line.npos;  // the place stands before it
    const std::string place = at == line.npos ? "" : coloured(line.substr(0, at), fmt::terminal_color::red);
    std::fputs(fmt::format("{}{}\n", place, line.substr(at == line.npos ? 0 : at)).c_str(), stderr);
  }
}

}  // namespace tpfuzz::console
