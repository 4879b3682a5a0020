// The points of points.def as a type: where a CPU can be delayed.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tp {

enum class Point : std::uint8_t {
#define TP_POINT(id, name, who, doc) id,
#define TP_STEP(id, name, who, doc) before_##id, id,
#include "core/points.def"
#undef TP_POINT
#undef TP_STEP
};

/// How many points there are.
inline constexpr int kPoints = 0
#define TP_POINT(id, name, who, doc) +1
#define TP_STEP(id, name, who, doc) +2
#include "core/points.def"
#undef TP_POINT
#undef TP_STEP
    ;

/// Who passes a point; a bit each, so that a point can be several's.
namespace passer {
inline constexpr unsigned R = 1;  ///< a reader's hit
inline constexpr unsigned W = 2;  ///< a writer's register or unregister
inline constexpr unsigned S = 4;  ///< a `sync`
inline constexpr unsigned K = 8;  ///< the worker k0
}  // namespace passer

/// The name of `point` as sequences write it: "loaded", "before-publish".
std::string_view name(Point point);

/// The `passer` bits of `point`.
unsigned passers(Point point);

/// The point called `text`; nothing if there is none.
std::optional<Point> point_named(std::string_view text);

/// The point before the step `step`; `step` is one of the TP_STEP points.
constexpr Point before(Point step) { return static_cast<Point>(static_cast<int>(step) - 1); }

}  // namespace tp
