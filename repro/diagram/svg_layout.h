// Where everything of a drawn diagram stands, in pixels. A row belongs to one step alone, and between the columns are
// gutters for the arrows: no arrow crosses a text.
#pragma once

#include <cstddef>
#include <vector>

#include "repro/diagram/diagram.h"
#include "repro/diagram/lines.h"
#include "repro/diagram/relations.h"

namespace tpfuzz {

inline constexpr int kLineHeight = 16;
inline constexpr int kPadding = 8;  ///< between a box and its text

struct Point {
  int x = 0;
  int y = 0;
};

struct Box {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  Lines lines;

  int right() const { return x + width; }
  int bottom() const { return y + height; }
  int middle() const { return x + width / 2; }
};

/// An arrow's way through its gutter; its head is at the end.
struct Route {
  Arrow arrow;
  std::vector<Point> points;
};

/// A pause's stretch of its lane.
struct Bar {
  Pause pause;
  Box box;
};

struct SvgLayout {
  int width = 0;
  int height = 0;
  int bottom = 0;            ///< of the lanes
  Box start;                 ///< Diagram::start
  std::vector<Box> headers;  ///< a box a lane
  Box state_header;          ///< of the column right of all lanes
  std::vector<Box> steps;    ///< a box a step
  std::vector<Box> changes;  ///< a box a step, in the column of the state; without lines if nothing changes
  std::vector<Route> routes;
  std::vector<Bar> bars;
};

/// `alone`: with room for the caption and the verdict below.
SvgLayout svg_layout_of(const Diagram& diagram, bool alone = true);

}  // namespace tpfuzz
