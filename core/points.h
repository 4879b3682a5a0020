// The points of points.def as a type, and their columns. Every list of points is made of the columns: `points_where`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/namespace.h"

namespace tpfuzz::internal {

enum class Point : std::uint8_t {
#define TP_POINT(id, name, who, kind, touches, kernel, doc) id,
#define TP_STEP(id, name, who, kind, touches, kernel, doc) before_##id, id,
#define TP_ACCESS TP_POINT
#include "core/points.def"
#undef TP_POINT
#undef TP_STEP
#undef TP_ACCESS
};

/// Who passes a point; a bit each, so that a point can be several's.
namespace passer {
inline constexpr unsigned R = 1;   ///< a reader's hit
inline constexpr unsigned W = 2;   ///< a writer's register or unregister
inline constexpr unsigned S = 4;   ///< a `sync`
inline constexpr unsigned K = 8;   ///< the worker k0
inline constexpr unsigned U = 16;  ///< a change of a key's count
}  // namespace passer

/// What is done there.
enum class PointKind : std::uint8_t {
  load,     ///< a shared word is loaded
  store,    ///< a shared word is stored
  patch,    ///< text is written
  wait,     ///< the CPU waits
  cookie,   ///< a grace-period snapshot is taken
  queue,    ///< work is handed to the worker
  section,  ///< a read-side section begins or ends
  lock,     ///< the mutex is taken
  call,     ///< a function is called, or has returned
  free,     ///< memory goes
};

/// What is touched there; a bit each.
namespace touched {
inline constexpr unsigned nothing = 0;
inline constexpr unsigned funcs = 1;     ///< the pointer to the published array
inline constexpr unsigned entry = 2;     ///< an entry of an array
inline constexpr unsigned call = 4;      ///< a static call: its text, or what it calls
inline constexpr unsigned key = 8;       ///< a static key: its text, or whether it is on
inline constexpr unsigned rcu = 16;      ///< sections and grace periods
inline constexpr unsigned mutex = 32;    ///< the mutex of all registrations
inline constexpr unsigned worker = 64;   ///< the worker's counters
inline constexpr unsigned trap = 128;    ///< what the trap handler answers with
inline constexpr unsigned cookie = 256;  ///< a grace-period snapshot
}  // namespace touched

/// The columns of a point.
struct PointRow {
  /// What the name says of when the CPU stands there.
  enum class Form : std::uint8_t {
    done,    ///< a point: it has done what `doc` says
    before,  ///< before a step
    step,    ///< after a step, which bears the point's name
    access,  ///< it is about to do what `doc` says
  };
  std::string_view name;  ///< as sequences write it: "loaded", "before-publish"
  Form form;
  unsigned who;      ///< bits of `passer`
  PointKind kind;    ///< of a step's two points: the step's
  unsigned touches;  ///< bits of `touched`
  std::string_view kernel;
  std::string_view doc;
  std::string_view who_words, kind_words, touches_words;  ///< the columns as points.def writes them: "R | W"
};

namespace detail {
constexpr auto point_rows() {
  using namespace passer;
  using touched::nothing, touched::funcs, touched::entry, touched::call, touched::key, touched::rcu, touched::mutex,
      touched::worker, touched::trap, touched::cookie;
  return std::to_array<PointRow>({
#define TP_ROW(form, name, who, kind, touches, kernel, doc) \
  {name, PointRow::Form::form, who, PointKind::kind, touches, kernel, doc, #who, #kind, #touches},
#define TP_POINT(id, ...) TP_ROW(done, __VA_ARGS__)
#define TP_STEP(id, name, ...) TP_ROW(before, "before-" name, __VA_ARGS__) TP_ROW(step, name, __VA_ARGS__)
#define TP_ACCESS(id, ...) TP_ROW(access, __VA_ARGS__)
#include "core/points.def"
#undef TP_POINT
#undef TP_STEP
#undef TP_ACCESS
#undef TP_ROW
  });
}
}  // namespace detail

/// The rows of all points, by their numbers.
inline constexpr auto kPointRows = detail::point_rows();

/// How many points there are.
inline constexpr int kPoints = static_cast<int>(kPointRows.size());

constexpr const PointRow& row(Point point) { return kPointRows[static_cast<std::size_t>(point)]; }
constexpr std::string_view name(Point point) { return row(point).name; }
constexpr unsigned passers(Point point) { return row(point).who; }

namespace detail {
// A bit for each point: a test of one costs no look into the rows, which are large.
using PointSet = std::uint64_t;
static_assert(kPoints <= 64);
constexpr bool in(PointSet set, Point point) { return (set >> static_cast<int>(point) & 1) != 0; }
constexpr PointSet points_of(auto is) {
  PointSet set = 0;
  for (int i = 0; i < kPoints; ++i)
    if (is(kPointRows[static_cast<std::size_t>(i)])) set |= PointSet{1} << i;
  return set;
}
constexpr PointSet points_of(PointRow::Form form) {
  return points_of([form](const PointRow& row) { return row.form == form; });
}
}  // namespace detail

/// Whether `point` is an access to a shared word. A trace tells of an access only if a CPU is delayed there.
constexpr bool is_access(Point point) {
  constexpr auto kAccesses = detail::points_of(PointRow::Form::access);
  return detail::in(kAccesses, point);
}

/// Whether `point` is after a step of a protocol, and names it.
constexpr bool is_step(Point point) {
  constexpr auto kSteps = detail::points_of(PointRow::Form::step);
  return detail::in(kSteps, point);
}

/// Whether `step` is a step that patches a static call, or a static key.
constexpr bool patches(Point step, unsigned what) {
  return is_step(step) && row(step).kind == PointKind::patch && (row(step).touches & what) != 0;
}

/// Whether `step` names a cookie.
constexpr bool names_cookie(Point step) { return is_step(step) && (row(step).touches & touched::cookie) != 0; }

/// Whether `step` names domains of grace periods (domain.h).
constexpr bool names_domains(Point step) {
  return is_step(step) && (row(step).kind == PointKind::cookie || row(step).touches == touched::rcu);
}

/// Whether `step` is a step that waits.
constexpr bool waits(Point step) {
  constexpr auto kWaits = detail::points_of(
      [](const PointRow& row) { return row.form == PointRow::Form::step && row.kind == PointKind::wait; });
  return detail::in(kWaits, step);
}

/// The point before the step `step`, and the step that the point `before` is before.
constexpr Point before(Point step) { return static_cast<Point>(static_cast<int>(step) - 1); }
constexpr bool is_before(Point point) {
  constexpr auto kBefore = detail::points_of(PointRow::Form::before);
  return detail::in(kBefore, point);
}
constexpr Point step_after(Point before) { return static_cast<Point>(static_cast<int>(before) + 1); }

/// The point called `text`; nothing if there is none.
constexpr std::optional<Point> point_named(std::string_view text) {
  for (int i = 0; i < kPoints; ++i)
    if (kPointRows[static_cast<std::size_t>(i)].name == text) return static_cast<Point>(i);
  return std::nullopt;
}

/// The points for which `is` holds, in the order of points.def.
template <bool (*is)(Point)>
constexpr auto points_where() {
  constexpr int count = [] {
    int found = 0;
    for (int i = 0; i < kPoints; ++i) found += is(static_cast<Point>(i)) ? 1 : 0;
    return found;
  }();
  std::array<Point, static_cast<std::size_t>(count)> points{};
  std::size_t next = 0;
  for (int i = 0; i < kPoints; ++i)
    if (is(static_cast<Point>(i))) points[next++] = static_cast<Point>(i);
  return points;
}

/// The points that a reader's hit passes and a trace tells of.
inline constexpr auto kReaderPoints =
    points_where<[](Point point) { return (passers(point) & passer::R) != 0 && !is_access(point); }>();

/// The points that a writer's register or unregister passes and a trace tells of.
inline constexpr auto kWriterPoints =
    points_where<[](Point point) { return (passers(point) & passer::W) != 0 && !is_access(point); }>();

/// The steps that a protocol can have.
inline constexpr auto kWriterSteps =
    points_where<[](Point point) { return is_step(point) && (passers(point) & passer::W) != 0; }>();

/// The place of each point in `points`; -1 of those that are not in `points`.
template <std::size_t N>
constexpr std::array<std::int8_t, static_cast<std::size_t>(kPoints)> places_in(const std::array<Point, N>& points) {
  std::array<std::int8_t, static_cast<std::size_t>(kPoints)> places{};
  places.fill(-1);
  for (std::size_t i = 0; i < N; ++i) places[static_cast<std::size_t>(points[i])] = static_cast<std::int8_t>(i);
  return places;
}

}  // namespace tpfuzz::internal
