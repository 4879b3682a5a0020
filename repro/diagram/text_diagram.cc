#include "repro/diagram/text_diagram.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "repro/diagram/lines.h"

namespace tpfuzz {
namespace {

constexpr std::size_t kGap = 2;  // between columns

Lines lines_of(const Step& step) {
  Lines lines;
  if (step.folded) lines = {"...", ""};
  for (std::string& line : split(step.kind == Step::Kind::violation ? "*** " + step.words + " ***" : step.words))
    lines.push_back(std::move(line));
  if (step.delayed_until) lines.push_back("[ delayed here ]");
  return lines;
}

Lines header_of(const Diagram& diagram, std::size_t lane) {
  return {fmt::format("CPU {}: {}", lane + 1, diagram.lanes[lane].runs), "-----"};
}

// All that stands in one column.
Lines column_of(const Diagram& diagram, std::size_t lane) {
  Lines column = header_of(diagram, lane);
  for (const Step& step : diagram.steps)
    if (step.lane == lane) std::ranges::copy(lines_of(step), std::back_inserter(column));
  return column;
}

// How wide the columns are: as they want to be; where that is too much, less wide where it breaks the fewest lines.
class Widths {
 public:
  explicit Widths(const Diagram& diagram) {
    for (std::size_t lane = 0; lane < diagram.lanes.size(); ++lane) columns_.push_back(column_of(diagram, lane));
    for (const Lines& column : columns_) widths_.push_back(widest(column));
    while (total() > kTextWidth) {
      const std::size_t lane = cheapest();
      if (cost(lane) == kCantBe) break;
      --widths_[lane];
    }
  }

  std::size_t of(std::size_t lane) const { return widths_[lane]; }

  /// Where the column of `lane` begins.
  std::size_t begin(std::size_t lane) const {
    return std::accumulate(widths_.begin(), widths_.begin() + static_cast<std::ptrdiff_t>(lane), kGap * lane);
  }

 private:
  static constexpr std::size_t kCantBe = std::numeric_limits<std::size_t>::max();

  std::size_t total() const { return begin(widths_.size()) - kGap; }

  // How many more lines the column of `lane` has if it is made narrower by one.
  std::size_t cost(std::size_t lane) const {
    const Lines narrower = broken(columns_[lane], widths_[lane] - 1);
    const std::size_t header = columns_[lane].front().size();  // never broken
    if (std::max(widest(narrower), header) >= widths_[lane]) return kCantBe;
    return narrower.size() - broken(columns_[lane], widths_[lane]).size();
  }

  // The lane to make narrower; of several the widest.
  std::size_t cheapest() const {
    std::size_t best = 0;
    for (std::size_t lane = 1; lane < widths_.size(); ++lane)
      if (std::pair(cost(lane), widths_[best]) < std::pair(cost(best), widths_[lane])) best = lane;
    return best;
  }

  std::vector<Lines> columns_;
  std::vector<std::size_t> widths_;
};

class Text {
 public:
  explicit Text(const Diagram& diagram) : diagram_(diagram), widths_(diagram) {}

  std::string whole() {
    for (const std::string& start : diagram_.start) text_ += start + "\n";
    if (!diagram_.start.empty()) text_ += "\n";
    add_header();
    for (std::size_t i = 0; i < diagram_.steps.size(); ++i) {
      if (i == 0 || parted(diagram_.steps[i - 1], diagram_.steps[i])) text_ += "\n";
      add(diagram_.steps[i]);
    }
    if (!diagram_.explanation.empty()) text_ += "\n";
    for (const std::string& line : wrapped(diagram_.explanation, kTextWidth)) text_ += line + "\n";
    return text_ + "\n" + diagram_.verdict + "\n";
  }

 private:
  static bool parted(const Step& one, const Step& next) {
    return one.operation != next.operation || next.kind == Step::Kind::violation;
  }

  void add_header() {
    std::string names, rules;
    for (std::size_t lane = 0; lane < diagram_.lanes.size(); ++lane) {
      const Lines header = header_of(diagram_, lane);
      names.resize(widths_.begin(lane), ' ');
      rules.resize(widths_.begin(lane), ' ');
      names += header[0];
      rules += header[1];
    }
    text_ += names + "\n" + rules + "\n";
  }

  void add(const Step& step) {
    for (const std::string& line : broken(lines_of(step), widths_.of(step.lane)))
      text_ += (line.empty() ? "" : std::string(widths_.begin(step.lane), ' ') + line) + "\n";
  }

  const Diagram& diagram_;
  const Widths widths_;
  std::string text_;
};

}  // namespace

std::string text_of(const Diagram& diagram) { return Text(diagram).whole(); }

}  // namespace tpfuzz
