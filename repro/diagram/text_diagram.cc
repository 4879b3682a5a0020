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

// In one line, or in two where there is no room for that.
Lines header_of(const Diagram& diagram, std::size_t lane, bool narrow) {
  const std::string cpu = fmt::format("CPU {}:", lane + 1);
  if (narrow) return {cpu, diagram.lanes[lane].runs, "-----"};
  return {cpu + " " + diagram.lanes[lane].runs, "-----"};
}

// Where the columns begin, and how wide their lines may be.
//
//   1. each column is as wide as it wants to be
//   2. where that is too much together, columns become less wide where that breaks the fewest lines
//   3. where that is not enough, columns overlap: no two steps share a line. They begin at equal distances, and the
//      last one has the room that it needs
class Columns {
 public:
  Columns(const Diagram& diagram, std::size_t width) : diagram_(diagram), width_(width) {
    for (std::size_t lane = 0; lane < diagram.lanes.size(); ++lane) columns_.push_back(column_of(lane));
    for (const Lines& column : columns_) widths_.push_back(widest(column));
    while (total() > width_) {
      const std::size_t lane = cheapest();
      if (cost(lane) == kCantBe) break;
      --widths_[lane];
    }
    for (std::size_t lane = 0; lane < widths_.size(); ++lane)
      begins_.push_back(lane == 0 ? 0 : begins_.back() + widths_[lane - 1] + kGap);
    if (total() > width_) overlap();
  }

  std::size_t width(std::size_t lane) const { return widths_[lane]; }
  std::size_t begin(std::size_t lane) const { return begins_[lane]; }
  Lines header(std::size_t lane) const { return header_of(diagram_, lane, narrow_); }

 private:
  static constexpr std::size_t kCantBe = std::numeric_limits<std::size_t>::max();

  // All that stands in one column.
  Lines column_of(std::size_t lane) const {
    Lines column = header_of(diagram_, lane, narrow_);
    for (const Step& step : diagram_.steps)
      if (step.lane == lane) std::ranges::copy(lines_of(step), std::back_inserter(column));
    return column;
  }

  std::size_t total() const {
    return std::accumulate(widths_.begin(), widths_.end(), std::size_t{0}) + kGap * (widths_.size() - 1);
  }

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

  std::size_t widest_header() const {
    std::size_t width = 0;
    for (std::size_t lane = 0; lane < widths_.size(); ++lane) width = std::max(width, widest(header(lane)));
    return width;
  }

  void overlap() {
    const std::size_t others = widths_.size() - 1;
    const std::size_t last = std::min(widths_.back(), width_);
    const std::size_t distance = others == 0 ? 0 : (width_ - last) / others;
    narrow_ = distance < widest_header() + kGap;
    const std::size_t least = widest_header() + kGap;
    for (std::size_t lane = 0; lane <= others; ++lane) {
      begins_[lane] = lane * std::max(distance, least);
      const std::size_t room = width_ - std::min(width_, begins_[lane]);
      widths_[lane] = std::max(widest(header(lane)), std::min(widest(columns_[lane]), room));
    }
  }

  const Diagram& diagram_;
  const std::size_t width_;
  std::vector<Lines> columns_;
  std::vector<std::size_t> widths_, begins_;
  bool narrow_ = false;
};

class Text {
 public:
  Text(const Diagram& diagram, std::size_t width) : diagram_(diagram), width_(width), columns_(diagram, width) {}

  std::string whole() {
    for (const std::string& start : diagram_.start) text_ += start + "\n";
    if (!diagram_.start.empty()) text_ += "\n";
    add_header();
    for (std::size_t i = 0; i < diagram_.steps.size(); ++i) {
      if (i == 0 || parted(diagram_.steps[i - 1], diagram_.steps[i])) text_ += "\n";
      add(diagram_.steps[i]);
    }
    if (!diagram_.explanation.empty()) text_ += "\n";
    for (const std::string& line : wrapped(diagram_.explanation, width_)) text_ += line + "\n";
    return text_ + "\n" + diagram_.verdict + "\n";
  }

 private:
  static bool parted(const Step& one, const Step& next) {
    return one.operation != next.operation || next.kind == Step::Kind::violation;
  }

  void add_header() {
    Lines rows;
    for (std::size_t lane = 0; lane < diagram_.lanes.size(); ++lane) {
      const Lines header = columns_.header(lane);
      rows.resize(header.size());
      for (std::size_t i = 0; i < header.size(); ++i) {
        rows[i].resize(columns_.begin(lane), ' ');
        rows[i] += header[i];
      }
    }
    for (const std::string& row : rows) text_ += row + "\n";
  }

  void add(const Step& step) {
    for (const std::string& line : broken(lines_of(step), columns_.width(step.lane)))
      text_ += (line.empty() ? "" : std::string(columns_.begin(step.lane), ' ') + line) + "\n";
  }

  const Diagram& diagram_;
  const std::size_t width_;
  const Columns columns_;
  std::string text_;
};

}  // namespace

std::string text_of(const Diagram& diagram, std::size_t width) { return Text(diagram, width).whole(); }

}  // namespace tpfuzz
