#include "repro/diagram/probe_marks.h"

#include <algorithm>
#include <string_view>

namespace tpfuzz {
namespace {

constexpr std::string_view kWordCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_#";
constexpr std::string_view kObjects[] = {"callback_", "data_"};

// Reads line after line: a list may go on in the next one.
class Reader {
 public:
  explicit Reader(const std::vector<std::string>& probes) : probes_(probes) {}

  std::vector<ProbeMark> read(std::string_view line) {
    std::vector<ProbeMark> marks;
    for (std::size_t i = 0; i < line.size();) {
      depth_ += line[i] == '{';
      depth_ -= line[i] == '}' && depth_ > 0;
      const std::size_t end = std::min(line.find_first_not_of(kWordCharacters, i), line.size());
      if (end > i) add(line.substr(i, end - i), i, marks);
      i = std::max(end, i + 1);
    }
    return marks;
  }

 private:
  void add(std::string_view word, std::size_t begin, std::vector<ProbeMark>& marks) const {
    std::string_view name = word.substr(0, word.find('#'));
    bool object = false;
    for (const std::string_view prefix : kObjects)
      if (!object && name.starts_with(prefix)) {
        name.remove_prefix(prefix.size());
        object = true;
      }
    const auto probe = std::ranges::find(probes_, name);
    if (probe == probes_.end() || (!object && depth_ == 0)) return;
    marks.push_back({begin, word.size(), static_cast<std::size_t>(probe - probes_.begin()), object});
  }

  const std::vector<std::string>& probes_;
  int depth_ = 0;  // of braces
};

}  // namespace

std::vector<std::vector<ProbeMark>> probe_marks(const Lines& lines, const std::vector<std::string>& probes) {
  std::vector<std::vector<ProbeMark>> marks;
  Reader reader(probes);
  for (const std::string& line : lines) marks.push_back(reader.read(line));
  return marks;
}

}  // namespace tpfuzz
