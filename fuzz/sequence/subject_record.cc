#include "fuzz/sequence/subject_record.h"

#include "fuzz/base/format.h"
#include "fuzz/sequence/header.h"
#include "fuzz/sequence/words.h"

namespace tpfuzz {
namespace {

constexpr std::string_view kSubject = "subject";
constexpr char kBar = '|';

// Takes `line`, which names a subject. Returns what is wrong with it; empty if nothing is.
std::string parse_name(std::string_view line, SubjectRecord& record) {
  Words words(line);
  words.next();
  record = {std::string(words.next()), {}};
  if (record.name.empty()) return "expected a subject's name, found the end of the line";
  if (const auto more = words.next(); !more.empty())
    return formatted("expected the end of the line, found {}", quoted(more));
  return {};
}

// What stands after the bar and its blank. A CR at the end belongs to the end of the line.
std::string_view after_bar(std::string_view line) {
  line.remove_prefix(line.starts_with("| ") ? 2 : 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

std::string to_lines(const SubjectRecord& record) {
  std::string lines = formatted("{} {}\n", kSubject, record.name);
  for (std::string_view text = record.protocol; !text.empty();) {
    const std::string_view line = next_line(text);
    lines += formatted("{}{}{}\n", kBar, line.empty() ? "" : " ", line);
  }
  return lines;
}

bool is_record_line(std::string_view line) { return line.starts_with(kBar) || Words(line).next() == kSubject; }

std::variant<std::optional<SubjectRecord>, Error> find_record(std::string_view text) {
  std::optional<SubjectRecord> record;
  bool follows = false;  // on a line of the record
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = next_line(text);
    if (!is_record_line(line)) {
      follows = false;
    } else if (!line.starts_with(kBar)) {
      if (record) return Error{number, formatted("expected one '{} NAME' at most", kSubject)};
      if (auto wrong = parse_name(line, record.emplace()); !wrong.empty()) return Error{number, std::move(wrong)};
      follows = true;
    } else if (!follows) {
      return Error{number, formatted("expected '{} NAME' before the lines of its protocol", kSubject)};
    } else {
      record->protocol.append(after_bar(line)) += '\n';
    }
  }
  return record;
}

}  // namespace tpfuzz
