#include "repro/diagram/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "repro/diagram/xml.h"

namespace tpfuzz {
namespace {

constexpr int kTicks = 4;
constexpr double kWidth = 1000, kHeight = 100;  // of the drawing's own units; a browser stretches it
constexpr double kRoom = 0.1;                   // of the width, that a mark's words take

constexpr std::string_view kStyle = R"css(
.chart { margin: 16px 0 28px; }
.chart .field { position: relative; height: 150px; margin: 22px 12px 0 76px; }
.chart svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
.chart polyline { fill: none; stroke: var(--link); stroke-width: 2; vector-effect: non-scaling-stroke; }
.chart line { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
.chart .border { stroke: var(--faint); stroke-dasharray: 2 4; }
.chart .limit-line { stroke: var(--ink); stroke-dasharray: 8 4; }
.chart .label { position: absolute; font-size: 12px; line-height: 16px; white-space: nowrap; }
.chart .y { right: calc(100% + 8px); transform: translateY(50%); }
.chart .limit { right: 0; padding-left: 6px; background: var(--ground); }
.chart .mark { top: -20px; transform: translateX(-50%); }
.chart .mark::before { content: ""; position: absolute; left: 50%; top: 17px; border: 4px solid transparent;
  border-top: 6px solid var(--bad); transform: translateX(-50%); }
.chart .times { display: flex; justify-content: space-between; margin: 4px 12px 0 76px; font-size: 12px; }
)css";

// The smallest of 1, 2, 5, 10, 20, ... that `kTicks` of make `highest`.
double tick_for(double highest) {
  const double least = std::max(highest, 1.0) / kTicks;
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double times : {1, 2, 5})
    if (times * power >= least) return std::max(times * power, 1.0);
  return 10 * power;
}

// What is where, in parts of the field.
class Drawing {
 public:
  explicit Drawing(const Chart& chart) : chart_(chart) {
    for (const auto& piece : chart.pieces)
      for (const Chart::Point& point : piece) {
        longest_ = std::max(longest_, point.x);
        highest_ = std::max(highest_, point.y);
      }
    if (chart.limit) highest_ = std::max(highest_, chart.limit->y);
    tick_ = tick_for(highest_);
    top_ = tick_ * std::ceil(highest_ / tick_);
  }

  std::string whole() {
    print(
        "<div class=\"chart\">\n<div class=\"field\">\n<svg viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" "
        "role=\"img\" aria-label=\"{}\">\n",
        kWidth, kHeight, escaped(words()));
    for (double y = 0; y <= top_ + tick_ / 2; y += tick_) add_line("grid", 0, y, longest_, y);
    if (chart_.limit) add_line("limit-line", 0, chart_.limit->y, longest_, chart_.limit->y);
    for (std::size_t i = 0; i < chart_.pieces.size(); ++i) add_piece(i);
    html_ += "</svg>\n";
    for (double y = 0; y <= top_ + tick_ / 2; y += tick_)
      print("<span class=\"label y\" style=\"bottom: {:.1f}%\">{}</span>\n", part_of_y(y) * 100,
            grouped(static_cast<std::int64_t>(y)));
    if (chart_.limit)
      print("<span class=\"label limit\" style=\"bottom: calc({:.1f}% + 2px)\">{}</span>\n",
            part_of_y(chart_.limit->y) * 100, escaped(chart_.limit->words));
    add_marks();
    print("</div>\n<div class=\"times\"><span>{}</span><span>{}</span><span>{}</span></div>\n</div>\n", time(0),
          time(longest_ / 2), time(longest_));
    return std::move(html_);
  }

 private:
  template <class... Values>
  void print(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(html_), format, std::forward<Values>(values)...);
  }

  static std::string time(double seconds) { return duration_words(static_cast<std::int64_t>(seconds)); }

  double part_of_x(double x) const { return std::min(x / longest_, 1.0); }
  double part_of_y(double y) const { return y / top_; }
  double x_of(double x) const { return part_of_x(x) * kWidth; }
  double y_of(double y) const { return (1 - part_of_y(y)) * kHeight; }

  // What a person hears of it.
  std::string words() const {
    std::string words = chart_.title;
    const Chart::Point* last = nullptr;
    for (const auto& piece : chart_.pieces)
      if (!piece.empty()) last = &piece.back();
    if (last != nullptr)
      words += fmt::format(", over {}: {} at the end", time(longest_), grouped(static_cast<std::int64_t>(last->y)));
    if (chart_.limit) words += ", " + chart_.limit->words;
    return words;
  }

  void add_line(const char* kind, double x, double y, double to_x, double to_y) {
    print("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", kind, x_of(x), y_of(y),
          x_of(to_x), y_of(to_y));
  }

  void add_piece(std::size_t i) {
    const auto& piece = chart_.pieces[i];
    if (piece.empty()) return;
    if (i > 0) add_line("border", piece.front().x, 0, piece.front().x, top_);
    html_ += "<polyline points=\"";
    for (const Chart::Point& point : piece) print("{:.1f},{:.1f} ", x_of(point.x), y_of(point.y));
    html_ += "\"/>\n";
  }

  void add_marks() {
    double free = 0;  // where there is room for words
    for (const Chart::Mark& mark : chart_.marks) {
      const double x = part_of_x(mark.x);
      const bool told = x >= free;
      if (told) free = x + kRoom;
      print("<span class=\"label mark\" style=\"left: {:.1f}%\">{}</span>\n", x * 100, told ? escaped(mark.words) : "");
    }
  }

  const Chart& chart_;
  double longest_ = 1, highest_ = 1;
  double tick_ = 1, top_ = 1;
  std::string html_;
};

}  // namespace

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::ptrdiff_t at = std::ssize(digits) - 3; at > (number < 0 ? 1 : 0); at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string duration_words(std::int64_t seconds) {
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 7200) return fmt::format("{} min", seconds / 60);
  return fmt::format("{} h", seconds / 3600);
}

std::string html_of(const Chart& chart) { return Drawing(chart).whole(); }

std::string_view chart_style() { return kStyle; }

}  // namespace tpfuzz
