// A line over time: HTML and SVG, as wide as the page that it stands in, which has chart_style().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tpfuzz {

struct Chart {
  struct Point {
    double x = 0;
    double y = 0;
  };
  struct Limit {
    double y = 0;
    std::string words;
  };
  struct Mark {
    double x = 0;
    std::string words;  ///< what came then, short: "1"
  };
  std::string title = {};                       ///< what y is
  std::vector<std::vector<Point>> pieces = {};  ///< a line each, from left to right
  std::optional<Limit> limit = {};              ///< a horizontal line
  std::vector<Mark> marks = {};                 ///< from left to right; words stand where there is room for them
};

/// An element of the class `chart`. x is in seconds; a dashed line stands between two pieces.
std::string html_of(const Chart& chart);

std::string_view chart_style();

/// 1234567 as "1,234,567".
std::string grouped(std::int64_t number);

/// "5 s", "2 min", "3 h".
std::string duration_words(std::int64_t seconds);

}  // namespace tpfuzz
