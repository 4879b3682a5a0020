#include "repro/diagram/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>

#include "repro/diagram/xml.h"

namespace tpfuzz {
namespace {

constexpr double kWidth = 720, kHeight = 180;
constexpr double kLeft = 88, kRight = 24, kTop = 12, kBottom = 28;  // what is left for the axes
constexpr int kTicks = 4;

// The smallest of 1, 2, 5, 10, 20, ... that `kTicks` of make `highest`.
double tick_for(double highest) {
  const double least = std::max(highest, 1.0) / kTicks;
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double times : {1, 2, 5})
    if (times * power >= least) return std::max(times * power, 1.0);
  return 10 * power;
}

std::string duration(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds);
  if (whole < 120) return fmt::format("{} s", whole);
  if (whole < 7200) return fmt::format("{} min", whole / 60);
  return fmt::format("{} h", whole / 3600);
}

}  // namespace

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::ptrdiff_t at = std::ssize(digits) - 3; at > (number < 0 ? 1 : 0); at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string svg_of(const Chart& chart) {
  double longest = 1, highest = 1;
  for (const auto& piece : chart.pieces)
    for (const Chart::Point& point : piece) {
      longest = std::max(longest, point.x);
      highest = std::max(highest, point.y);
    }
  const double tick = tick_for(highest);
  const double top = tick * std::ceil(highest / tick);
  const auto x_of = [&](double x) { return kLeft + x / longest * (kWidth - kLeft - kRight); };
  const auto y_of = [&](double y) { return kHeight - kBottom - y / top * (kHeight - kTop - kBottom); };

  std::string svg = fmt::format(
      "<svg class=\"chart\" xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
      "role=\"img\" aria-label=\"{2}\">\n",
      kWidth, kHeight, escaped(chart.title));
  const auto print = [&]<class... Values>(fmt::format_string<Values...> format, Values&&... values) {
    fmt::format_to(std::back_inserter(svg), format, std::forward<Values>(values)...);
  };
  for (double y = 0; y <= top + tick / 2; y += tick)
    print(
        "<line class=\"grid\" x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\"/><text x=\"{}\" y=\"{:.1f}\" "
        "text-anchor=\"end\">{}</text>\n",
        kLeft, y_of(y), kWidth - kRight, y_of(y), kLeft - 8, y_of(y) + 4, grouped(static_cast<std::int64_t>(y)));
  for (const double x : {0.0, longest / 2, longest})
    print("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"{}\">{}</text>\n", x_of(x), kHeight - 8,
          x == longest ? "end"
          : x == 0     ? "start"
                       : "middle",
          duration(x));
  for (std::size_t i = 0; i < chart.pieces.size(); ++i) {
    const auto& piece = chart.pieces[i];
    if (piece.empty()) continue;
    if (i > 0)
      print("<line class=\"border\" x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2}\"/>\n", x_of(piece.front().x),
            kTop, kHeight - kBottom);
    svg += "<polyline points=\"";
    for (const Chart::Point& point : piece) print("{:.1f},{:.1f} ", x_of(point.x), y_of(point.y));
    svg += "\"/>\n";
  }
  return svg + "</svg>\n";
}

}  // namespace tpfuzz
