#include "repro/diagram/svg_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace tpfuzz {
namespace {

constexpr int kMargin = 16;
constexpr int kGutter = 20;         // without a track
constexpr int kTrack = 12;          // an arrow's
constexpr int kGap = 6;             // between steps of an operation
constexpr int kWideGap = 20;        // between others
constexpr int kFold = 20;           // for the dots of what is left out
constexpr int kBar = 12;            // how wide one is
constexpr std::size_t kWrap = 44;   // characters a line
constexpr std::size_t kLeast = 22;  // characters that a column has room for
constexpr std::size_t kWrapState = 40;
constexpr const char* kStateHeader = "what changes";

// As wide as the widest of the usual fonts.
int width_of(std::size_t characters) { return static_cast<int>(characters * 73 / 10) + 2 * kPadding; }
int height_of(const Lines& lines) { return static_cast<int>(lines.size()) * kLineHeight + 2 * kPadding; }

Lines lines_of(const Step& step) {
  Lines lines = broken(split(step.words), kWrap);
  if (step.kind == Step::Kind::violation) lines.insert(lines.begin(), "    violation");  // behind the cross
  if (step.delayed_until) lines.emplace_back("[ delayed here ]");
  return lines;
}

class Builder {
 public:
  explicit Builder(const Diagram& diagram) : diagram_(diagram), gutters_(diagram.lanes.size()) {
    for (const std::vector<std::string>& lines : changes_of(diagram)) changes_.push_back(state_lines(lines));
  }

  SvgLayout whole(bool alone) {
    for (const Arrow& arrow : arrows_of(diagram_)) add_track(arrow);
    place_columns(alone);
    place_start();
    place_headers();
    for (std::size_t i = 0; i < diagram_.steps.size(); ++i) place_step(i);
    layout_.bottom = y_ + kWideGap;
    layout_.height = layout_.bottom;
    if (alone) layout_.height += (diagram_.caption.empty() ? 2 : 4) * kLineHeight + kMargin;
    for (const Track& track : tracks_) layout_.routes.push_back({track.arrow, route_of(track)});
    for (const Pause& pause : pauses_of(diagram_)) layout_.bars.push_back({pause, bar_of(pause)});
    return std::move(layout_);
  }

 private:
  // A vertical line in the gutter left of a lane.
  struct Track {
    Arrow arrow;
    std::size_t gutter;
    std::size_t number;
  };

  std::size_t gutter_of(const Arrow& arrow) const {
    const std::size_t to = diagram_.steps[arrow.to].lane;
    const std::size_t from = arrow.from ? diagram_.steps[*arrow.from].lane : to;
    return from < to ? from + 1 : from;
  }

  static bool overlap(const Arrow& one, const Arrow& other) {
    return one.from <= other.to && other.from <= one.to;  // the start is less than any step
  }

  // The first track that is free.
  void add_track(const Arrow& arrow) {
    Track track{arrow, gutter_of(arrow), 0};
    const auto taken = [&](const Track& other) {
      return other.gutter == track.gutter && other.number == track.number && overlap(other.arrow, arrow);
    };
    while (std::ranges::any_of(tracks_, taken)) ++track.number;
    gutters_[track.gutter] = std::max(gutters_[track.gutter], track.number + 1);
    tracks_.push_back(track);
  }

  static Lines state_lines(const std::vector<std::string>& state) {
    Lines lines;
    for (const std::string& line : state) std::ranges::copy(split(line), std::back_inserter(lines));
    return broken(lines, kWrapState);
  }

  int gutter_width(std::size_t gutter) const { return kGutter + kTrack * static_cast<int>(gutters_[gutter]); }

  void place_columns(bool alone) {
    int x = kMargin;
    for (std::size_t lane = 0; lane < diagram_.lanes.size(); ++lane) {
      x += gutter_width(lane);
      std::size_t characters = kLeast;
      for (const Step& step : diagram_.steps)
        if (step.lane == lane) characters = std::max(characters, widest(lines_of(step)));
      columns_.push_back({x, 0, width_of(characters), 0, {}});
      x += columns_.back().width;
    }
    std::size_t characters = std::string_view(kStateHeader).size();
    for (const Lines& lines : changes_) characters = std::max(characters, widest(lines));
    state_ = {x + kGutter, 0, width_of(characters), 0, {}};
    const std::size_t below = std::max(diagram_.verdict.size(), diagram_.caption.size());
    layout_.width = std::max(state_.right(), alone ? width_of(below) : 0) + kMargin;
  }

  void place_start() {
    layout_.start = {kMargin, kMargin, layout_.width - 2 * kMargin, 0, {"what the CPUs find:"}};
    Lines& lines = layout_.start.lines;
    for (const std::string& start : diagram_.start) std::ranges::copy(split(start), std::back_inserter(lines));
    layout_.start.height = height_of(lines);
    y_ = layout_.start.bottom() + kWideGap;
  }

  void place_headers() {
    for (std::size_t lane = 0; lane < diagram_.lanes.size(); ++lane) {
      Box header = columns_[lane];
      header.lines = {fmt::format("CPU {}: {}", lane + 1, diagram_.lanes[lane].runs)};
      header.y = y_;
      header.height = height_of(header.lines);
      layout_.headers.push_back(header);
    }
    layout_.state_header = state_;
    layout_.state_header.lines = {kStateHeader};
    layout_.state_header.y = y_;
    layout_.state_header.height = height_of({""});
    y_ += height_of({""});
  }

  void place_step(std::size_t i) {
    const Step& step = diagram_.steps[i];
    const bool goes_on = i > 0 && diagram_.steps[i - 1].operation == step.operation && !step.folded &&
                         step.kind != Step::Kind::violation;
    Box box = columns_[step.lane];
    box.lines = lines_of(step);
    box.y = y_ + (goes_on ? kGap : kWideGap) + (step.folded ? kFold : 0);
    box.height = height_of(box.lines);
    Box change = state_;
    change.lines = changes_[i];
    change.y = box.y;
    change.height = height_of(change.lines);
    y_ = std::max(box.bottom(), change.bottom());
    layout_.steps.push_back(box);
    layout_.changes.push_back(change);
  }

  // Out of the lower end of where it begins, into the upper end of where it ends.
  std::vector<Point> route_of(const Track& track) const {
    const Box& to = layout_.steps[track.arrow.to];
    const Box& lane = columns_[track.gutter];
    const int x =
        lane.x - gutter_width(track.gutter) + kGutter / 2 + kTrack * static_cast<int>(track.number) + kTrack / 2;
    const int end = to.y + kPadding + kLineHeight / 2;
    const Point head{to.x > x ? to.x : to.right(), end};
    if (!track.arrow.from) return {{x, layout_.start.bottom()}, {x, end}, head};
    const Box& from = layout_.steps[*track.arrow.from];
    const int begin = from.bottom() - kPadding;
    return {{from.x > x ? from.x : from.right(), begin}, {x, begin}, {x, end}, head};
  }

  Box bar_of(const Pause& pause) const {
    const Box& behind = layout_.steps[pause.behind];
    const bool goes_on = pause.until < layout_.steps.size();
    const int end = goes_on ? layout_.steps[pause.until].y : layout_.bottom;
    return {behind.middle() - kBar / 2, behind.bottom(), kBar, end - behind.bottom(), {}};
  }

  const Diagram& diagram_;
  std::vector<std::size_t> gutters_;  // the tracks of each
  std::vector<Track> tracks_;
  std::vector<Box> columns_;
  std::vector<Lines> changes_;  // a step each
  Box state_;                   // the column of the state
  SvgLayout layout_;
  int y_ = 0;
};

}  // namespace

SvgLayout svg_layout_of(const Diagram& diagram, bool alone) { return Builder(diagram).whole(alone); }

}  // namespace tpfuzz
