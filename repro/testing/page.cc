#include "repro/testing/page.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>
#include <sstream>

namespace tpfuzz {
namespace {

const std::regex kProgram(
    R"((\./fuzz\.sh|\./test\.sh|\.ci/\w+|build/\S+/\w+|(fuzz|repro)/\S+\.sh|repro|[A-Z_]+=\S+|cmake|ctest|)"
    R"(git|mkdir|for|docker|apt-get|sudo)\s.*)");
const std::regex kMarker(R"(\s*<!-- (not run|file): (.*) -->\s*)");

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(" \t\r") + 1);
  return line;
}

std::size_t indent_of(const std::string& line) { return std::min(line.find_first_not_of(' '), line.size()); }

bool is_blank(const std::string& line) { return indent_of(line) == line.size(); }

// The anchor of a heading: lower case, without punctuation, with dashes for blanks; the second of a name ends in -1.
void add_anchor(std::set<std::string>& anchors, const std::string& heading) {
  std::string anchor;
  for (const char c : std::regex_replace(heading, std::regex(R"(\[([^\]]*)\]\([^)]*\))"), "$1")) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_')
      anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (c == ' ')
      anchor += '-';
  }
  std::string name = anchor;
  for (int i = 1; !anchors.insert(name).second; ++i) name = anchor + "-" + std::to_string(i);
}

// The code spans of the running text are taken out into `spans`; what stays has the links.
std::string without_spans(const std::string& line, int number, std::vector<Command>& spans) {
  static const std::regex kSpan("`([^`]*)`");
  for (std::sregex_iterator span(line.begin(), line.end(), kSpan), end; span != end; ++span)
    if (const std::string code = (*span)[1]; std::regex_match(code, kProgram)) spans.push_back({number, code, {}});
  return std::regex_replace(line, kSpan, "`");
}

// Reads lines one by one, and closes a block when the running text goes on.
class Parser {
 public:
  Page parse(std::string_view text) {
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
      ++number_;
      read(line);
    }
    close();
    return std::move(page_);
  }

 private:
  void read(const std::string& line) {
    if (line.starts_with("```")) {
      is_fenced_ ? close() : open(number_ + 1);
      is_fenced_ = !is_fenced_;
    } else if (is_fenced_) {
      lines_.push_back(line);
    } else if (std::smatch marker; std::regex_match(line, marker, kMarker)) {
      close();
      (marker[1] == "file" ? next_.file : next_.not_run) = marker[2];
      after_blank_ = true;
    } else if (is_blank(line)) {
      if (!lines_.empty()) lines_.emplace_back();
      after_blank_ = true;
    } else if (indent_of(line) >= 4 && (after_blank_ || !lines_.empty())) {
      if (lines_.empty()) open(number_);
      lines_.push_back(line);
    } else {
      close();
      after_blank_ = false;
      read_text(line);
    }
  }

  void read_text(const std::string& line) {
    next_ = {};
    static const std::regex kHeading(R"(#{1,6} (.*))"), kLink(R"(\]\(([^)\s]+)\))");
    if (std::smatch heading; std::regex_match(line, heading, kHeading)) add_anchor(page_.anchors, heading[1]);
    const std::string text = without_spans(line, number_, page_.spans);
    for (std::sregex_iterator link(text.begin(), text.end(), kLink), end; link != end; ++link)
      page_.links.push_back({number_, (*link)[1]});
  }

  void open(int line) {
    close();
    next_.line = line;
    is_open_ = true;
  }

  void close() {
    if (!is_open_) return;
    is_open_ = false;
    while (!lines_.empty() && is_blank(lines_.back())) lines_.pop_back();
    std::size_t indent = std::string::npos;
    for (const std::string& line : lines_)
      if (!is_blank(line)) indent = std::min(indent, indent_of(line));
    for (const std::string& line : lines_) next_.text += (is_blank(line) ? "" : line.substr(indent)) + "\n";
    page_.blocks.push_back(std::move(next_));
    next_ = {};
    lines_.clear();
  }

  Page page_;
  PageBlock next_{};
  std::vector<std::string> lines_;  // of the block that is open
  int number_ = 0;
  bool is_open_ = false;
  bool is_fenced_ = false;
  bool after_blank_ = true;
};

}  // namespace

Page parse_page(std::string_view text) { return Parser().parse(text); }

std::vector<Command> commands_of(const PageBlock& block) {
  std::vector<Command> commands;
  const bool is_console = block.text.starts_with("$ ") || block.text.find("\n$ ") != std::string::npos;
  std::istringstream lines(block.text);
  bool continues = false;
  int number = block.line - 1;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (continues) {
      commands.back().text += "\n" + line;
    } else if (is_console && line.starts_with("$ ")) {
      commands.push_back({number, line.substr(2), ""});
    } else if (is_console) {
      if (!commands.empty()) *commands.back().output += line + "\n";
      continue;
    } else if (std::regex_match(line, kProgram)) {
      commands.push_back({number, line, {}});
    } else {
      continue;
    }
    continues = line.ends_with("\\");
  }
  return commands;
}

bool matches(const std::string& text, const std::string& shown) {
  const auto tidy = [](const std::string& lines) {
    std::string all;
    std::istringstream stream(lines);
    for (std::string line; std::getline(stream, line);) all += trimmed(line) + "\n";
    all.erase(all.find_last_not_of('\n') + 1);
    return all;
  };
  // Each part of what is shown, in its order, the first at the begin and the last at the end.
  const std::string all = tidy(text), expected = tidy(shown);
  constexpr std::string_view kAnything = "[...]";
  std::size_t at = 0, part = 0;
  for (std::size_t gap; (gap = expected.find(kAnything, part)) != expected.npos; part = gap + kAnything.size()) {
    const std::string piece = expected.substr(part, gap - part);
    const std::size_t found = part == 0 ? (all.starts_with(piece) ? 0 : all.npos) : all.find(piece, at);
    if (found == all.npos) return false;
    at = found + piece.size();
  }
  const std::string last = expected.substr(part);
  return part == 0 ? all == last : all.size() - at >= last.size() && all.ends_with(last);
}

}  // namespace tpfuzz
