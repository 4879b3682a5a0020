#include "core/points.h"

#include <array>

namespace tp {
namespace {

struct Row {
  std::string_view name;
  unsigned who;
};

using namespace passer;
constexpr std::array<Row, kPoints> kRows = {{
#define TP_POINT(id, name, who, doc) {name, who},
#define TP_STEP(id, name, who, doc) {"before-" name, who}, {name, who},
#include "core/points.def"
#undef TP_POINT
#undef TP_STEP
}};

}  // namespace

std::string_view name(Point point) { return kRows[static_cast<std::size_t>(point)].name; }

unsigned passers(Point point) { return kRows[static_cast<std::size_t>(point)].who; }

std::optional<Point> point_named(std::string_view text) {
  for (int i = 0; i < kPoints; ++i)
    if (kRows[static_cast<std::size_t>(i)].name == text) return static_cast<Point>(i);
  return std::nullopt;
}

}  // namespace tp
