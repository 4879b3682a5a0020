// A line over time, as SVG: for a page that has the colours of drawings (svg_diagram.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tpfuzz {

struct Chart {
  struct Point {
    double x = 0;
    double y = 0;
  };
  std::string title;                       ///< what y is
  std::vector<std::vector<Point>> pieces;  ///< a line each, from left to right
};

/// An `svg` element of the class `chart`. x is in seconds; a dashed line stands between two pieces.
std::string svg_of(const Chart& chart);

/// 1234567 as "1,234,567".
std::string grouped(std::int64_t number);

}  // namespace tpfuzz
