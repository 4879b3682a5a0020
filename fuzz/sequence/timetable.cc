#include "fuzz/sequence/timetable.h"

#include <algorithm>
#include <array>
#include <boost/container/static_vector.hpp>
#include <span>
#include <utility>

#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/probe_list.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

using tp::Point;

bool is_inside(int moment) { return moment % 2 != 0; }
std::size_t operations_before(int moment) { return static_cast<std::size_t>(moment / 2); }

// The lists of a tracepoint: number i is that after i operations.
using Lists = boost::container::static_vector<ProbeList, kMaxOperations + 1>;

Lists lists_of(const Sequence& writers, int tp) {
  Lists lists(1);
  for (const Operation& operation : writers.operations) {
    lists.push_back(lists.back());
    apply(writers, operation, tp, lists.back());
  }
  return lists;
}

bool head_changes(const ProbeList& found, const ProbeList& left) {
  return !found.empty() && !left.empty() && found.front().slot != left.front().slot;
}

// How much can go wrong for a hit that is delayed from `begin` to `end`. With nothing registered it does nothing; with
// one head throughout, the head's data is right whatever is called; and a single probe is called directly.
int worth_of_delay(const Lists& lists, int begin, int end) {
  const ProbeList& found = lists[operations_before(begin)];
  const ProbeList& left = lists[operations_before(end + 1)];
  if (found.empty()) return 0;
  const int worth = !head_changes(found, left) ? 1 : left.size() > 1 ? 4 : 64;
  // To end in the middle of an operation is rarely different from ending after it.
  return worth * (is_inside(begin) ? 1 : 2) * (is_inside(end) ? 1 : 8);
}

// How much can go wrong for a hit that passes at `moment`. Between operations it is not even in danger.
int worth_of_passing(const Lists& lists, int moment) {
  const ProbeList& found = lists[operations_before(moment)];
  if (!is_inside(moment) || found.empty()) return 0;
  return head_changes(found, lists[operations_before(moment) + 1]) ? 4 : 1;
}

Park draw_park_among(std::span<const Point> points, Random& random) {
  Park park;
  park.point = points[draw_below(points.size(), random)];
  return park;
}

// A delay of a hit that has not loaded anything.
Park draw_early_delay(Random& random) {
  static constexpr std::array kPoints = {Point::keyed, Point::locked};
  return draw_park_among(kPoints, random);
}

}  // namespace

// A delay of a hit that has loaded something: mostly between loading and calling. Of one whose probes hit another
// tracepoint, sometimes in there.
Park Timetable::draw_late_delay(const Operation& line, Random& random) const {
  static constexpr std::array kPoints = {Point::dispatched, Point::iterating, Point::called};
  if (line.nested && random.chance(1, 3)) return random.chance(1, 2) ? Park{Point::unlocked} : Park{Point::loaded, 2};
  if (accesses_ && random.chance(1, 6)) return draw_access_park(Verb::hit, random);
  if (random.chance(7, 8)) return {Point::loaded};
  Park park = draw_park_among(kPoints, random);
  if (park.point != Point::dispatched && random.chance(1, 3)) park.nth = 2;
  return park;
}

// Where `verb` is stopped for hits that act in its middle. A hit that stays delayed mostly finds the old list there, at
// the last possible moment. A hit that passes comes after one of the two writes that readers tell apart.
Park Timetable::draw_middle(Verb verb, bool delayed, Random& random) const {
  static constexpr std::array kWrites = {Point::publish, Point::publish, Point::publish, Point::update_call};
  if (!changes_probes(verb) || random.chance(1, 6)) return {draw_park(verb, random).point};
  if (accesses_ && random.chance(1, 5)) return draw_access_park(verb, random);
  return delayed ? Park{Point::before_publish} : draw_park_among(kWrites, random);
}

bool Timetable::Hit::acts_at(int moment) const {
  return std::find(moments.begin(), moments.end(), moment) != moments.end();
}

bool Timetable::is_free(Cpu reader, Window window) const {
  return std::all_of(hits_.begin(), hits_.end(), [&](const Hit& other) {
    return other.line.cpu != reader || other.end() <= window.begin || window.end <= other.begin();
  });
}

// Each free window with a chance in proportion to its worth; behind everything if there is none.
Timetable::Window Timetable::draw_window(const Operation& line, bool delayed, Random& random) const {
  const Lists lists = lists_of(writers_, line.tp);
  Window drawn = {last_moment(), last_moment()};
  int total = 0;
  const auto offer = [&](Window window, int worth) {
    if (worth == 0 || !is_free(line.cpu, window)) return;
    total += worth;
    if (random.chance(worth, total)) drawn = window;
  };
  for (int begin = 0; begin <= last_moment(); ++begin) {
    if (!delayed) offer({begin, begin}, worth_of_passing(lists, begin));
    for (int end = begin + 1; delayed && end <= last_moment(); ++end)
      offer({begin, end}, worth_of_delay(lists, begin, end));
  }
  return drawn;
}

void Timetable::add_hit(const Shape& shape, bool delayed, Random& random) {
  Hit hit = {draw_hit(shape, random), {}};
  const auto [begin, end] = draw_window(hit.line, delayed, random);
  hit.moments.push_back(begin);
  if (end > begin + 1 && random.chance(1, 8)) {
    hit.line.parks.push_back(draw_early_delay(random));
    hit.moments.push_back(begin + 1 + random.below(end - begin - 1));
  }
  if (end > begin) {
    const bool early = hit.line.parks.empty() && random.chance(1, 16);
    hit.line.parks.push_back(early ? draw_early_delay(random) : draw_late_delay(hit.line, random));
    hit.moments.push_back(end);
  }
  add(hit);
}

void Timetable::add(const Hit& hit) {
  const auto place = std::upper_bound(hits_.begin(), hits_.end(), hit, [](const Hit& one, const Hit& other) {
    return std::pair(one.begin(), one.end()) < std::pair(other.begin(), other.end());
  });
  hits_.insert(place, hit);
}

void Timetable::add_hits_over_wait(const Shape& shape, int waiting, Random& random) {
  const int after = 2 * (waiting + 3);
  const std::array<Window, 2> windows = {{{2 * waiting - 1 + random.below(3), after + random.below(2)},
                                          {2 * (waiting + 2) - random.below(2), last_moment()}}};
  for (std::size_t i = 0; i < windows.size(); ++i) {
    Hit hit = {draw_hit(shape, random), {}};
    hit.line.cpu.index = static_cast<std::uint8_t>(i);
    hit.line.parks.push_back(draw_late_delay(hit.line, random));
    hit.moments = {windows[i].begin, std::min(windows[i].end, last_moment())};
    add(hit);
  }
}

int Timetable::acting_at(int moment) const {
  const auto acts = [moment](const Hit& hit) { return hit.acts_at(moment); };
  return static_cast<int>(std::count_if(hits_.begin(), hits_.end(), acts));
}

bool Timetable::delayed_from(int moment) const {
  const auto stays = [moment](const Hit& hit) { return hit.acts_at(moment) && hit.end() > moment; };
  return std::any_of(hits_.begin(), hits_.end(), stays);
}

// The events between a park at `from` and `to`: operations end or stop, and other hits park or complete.
int Timetable::events(int from, int to) const {
  int count = 0;
  for (int moment = from + 1; moment <= to; ++moment) {
    const int acting = acting_at(moment);
    if (!is_inside(moment) || acting > 0) ++count;
    if (moment < to) count += acting;
  }
  return count;
}

void Timetable::append_hits(int moment, Sequence& lines) const {
  for (const Hit& hit : hits_) {
    if (hit.begin() != moment) continue;
    Operation& line = lines.operations.emplace_back(hit.line);
    for (std::size_t i = 0; i < line.parks.size(); ++i)
      line.parks[i].events = static_cast<std::uint8_t>(events(hit.moments[i], hit.moments[i + 1]));
  }
}

// The operation that `moment` is the middle of, parked until all hits have acted there.
Operation Timetable::writer_line(int moment, Random& random) const {
  Operation line = writers_.operations[operations_before(moment)];
  if (const int acting = acting_at(moment)) {
    Park park = draw_middle(line.verb, delayed_from(moment), random);
    park.events = static_cast<std::uint8_t>(acting);
    line.parks.push_back(park);
  }
  return line;
}

Sequence Timetable::sequence(Random& random) const {
  Sequence lines;
  lines.probes = writers_.probes;
  for (int moment = 0; moment <= last_moment(); ++moment) {
    if (is_inside(moment)) lines.operations.push_back(writer_line(moment, random));
    append_hits(moment, lines);
  }
  return lines;
}

}  // namespace tpfuzz
