#include "repro/diagram/style.h"

#include <fmt/format.h>

#include <algorithm>

#include "repro/diagram/xml.h"

namespace tpfuzz {
namespace {

constexpr std::size_t kColours = 8;

// Browsers would break these in the middle: "1->2", "-EINVAL".
bool stays_whole(std::string_view word) { return word.find("->") != word.npos || word.starts_with('-'); }

}  // namespace

std::string_view colours() {
  return R"css(:root { color-scheme: light dark;
  --ground: #ffffff; --ink: #1f2328; --faint: #59636e; --box: #f6f8fa; --rim: #8c959f; --line: #d1d9e0;
  --begin: #eaeef2; --link: #0550ae; --bad: #cf222e; --bad-box: #ffebe9; --good: #116329; --good-box: #dafbe1;
  --p0: #0550ae; --p1: #953800; --p2: #116329; --p3: #6639ba; --p4: #0b6a75; --p5: #99286e; --p6: #6b5900; --p7: #4d5562; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #0d1117; --ink: #e6edf3; --faint: #9198a1; --box: #161b22; --rim: #6e7681; --line: #30363d;
  --begin: #21262d; --link: #79c0ff; --bad: #ff7b72; --bad-box: #3c1618; --good: #7ee787; --good-box: #12261e;
  --p0: #79c0ff; --p1: #ffa657; --p2: #7ee787; --p3: #d2a8ff; --p4: #56d4dd; --p5: #ff9bce; --p6: #e3b341; --p7: #b1bac4; } }
)css";
}

std::string marked(std::string_view line, const std::vector<ProbeMark>& marks, std::string_view tag, bool wrong) {
  std::string text;
  std::size_t at = 0;
  for (const ProbeMark& mark : marks) {
    text += escaped(line.substr(at, mark.begin - at));
    text += fmt::format("<{0} class=\"p{1}{2}\">{3}</{0}>", tag, mark.probe % kColours,
                        wrong && mark.object ? " wrong" : "", escaped(line.substr(mark.begin, mark.size)));
    at = mark.begin + mark.size;
  }
  return text + escaped(line.substr(at));
}

std::string prose(std::string_view sentences) {
  std::string html;
  bool code = false;
  while (!sentences.empty()) {
    const std::size_t end = std::min(sentences.find_first_of("` "), sentences.size());
    const std::string_view word = sentences.substr(0, end);
    html += !code && stays_whole(word) ? "<span class=\"whole\">" + escaped(word) + "</span>" : escaped(word);
    if (end == sentences.size()) break;
    if (sentences[end] == ' ') {
      html += ' ';
    } else {
      code = !code;
      html += code ? "<code>" : "</code>";
    }
    sentences.remove_prefix(end + 1);
  }
  return code ? html + "</code>" : html;
}

std::string probe_style(std::string_view property) {
  std::string style;
  for (std::size_t i = 0; i < kColours; ++i)
    style += fmt::format(".p{0} {{ {1}: var(--p{0}); font-weight: 600; }}\n", i, property);
  return style + ".wrong { text-decoration: line-through 2px var(--bad); }\n";
}

}  // namespace tpfuzz
