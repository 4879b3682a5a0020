#include "fuzz/sequence/timetable.h"

#include <algorithm>
#include <array>

#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/probe_list.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

bool is_inside(int moment) { return moment % 2 != 0; }
std::size_t operations_before(int moment) { return static_cast<std::size_t>(moment / 2); }

// The lists of a tracepoint: number i is that after i operations.
using Lists = std::vector<ProbeList>;

Lists lists_of(const Sequence& writers, int tp) {
  Lists lists(1);
  for (const Operation& operation : writers.operations) {
    lists.push_back(lists.back());
    if (operation.tp == tp) apply(writers, operation, lists.back());
  }
  return lists;
}

// How much can go wrong for a hit that begins with `found` and goes on with `left`. With nothing registered it does
// nothing; with one head throughout, the head's data is right whatever is called; a single probe is called directly.
int worth(const ProbeList& found, const ProbeList& left) {
  if (found.empty()) return 0;
  if (left.empty() || found.front().slot == left.front().slot) return 1;
  return left.size() == 1 ? 64 : 4;
}

int worth_of_delay(const Lists& lists, int begin, int end) {
  const ProbeList& found = lists[operations_before(begin)];
  const ProbeList& left = lists[operations_before(end + 1)];
  // Between operations is where most delays begin and end; four of either make one in the middle.
  return 16 * worth(found, left) / (is_inside(begin) ? 2 : 1) / (is_inside(end) ? 8 : 1);
}

int worth_of_moment(const Lists& lists, int moment) {
  if (!is_inside(moment)) return 0;
  const ProbeList& before = lists[operations_before(moment)];
  const ProbeList& after = lists[operations_before(moment) + 1];
  return std::min(worth(before, after), 4);
}

// Where a hit is delayed: mostly between loading and calling.
Park draw_delay(Random& random) {
  using tp::Point;
  static constexpr std::array kPoints = {Point::loaded,     Point::loaded,    Point::loaded,    Point::loaded,
                                         Point::loaded,     Point::loaded,    Point::loaded,    Point::dispatched,
                                         Point::dispatched, Point::iterating, Point::iterating, Point::keyed,
                                         Point::locked,     Point::called};
  Park park;
  park.point = random.chance(5, 6) ? Point::loaded : kPoints[draw_below(kPoints.size(), random)];
  if ((park.point == Point::iterating || park.point == Point::called) && random.chance(1, 3)) park.nth = 2;
  return park;
}

// Where an operation is stopped in its middle. A hit that begins there and stays delayed mostly finds the old list at
// the last possible moment; one that passes comes between the two writes that a reader can tell apart.
Park draw_middle(Verb verb, bool delayed, Random& random) {
  Park park = draw_park(verb, random);
  park.nth = 1;
  if (!changes_probes(verb) || random.chance(1, 6)) return park;
  if (delayed)
    park.point = tp::Point::before_publish;
  else
    park.point = random.chance(3, 4) ? tp::Point::publish : tp::Point::update_call;
  return park;
}

}  // namespace

bool Timetable::is_free(Cpu reader, Window window) const {
  return std::all_of(hits_.begin(), hits_.end(), [&](const Hit& other) {
    return other.line.cpu != reader || other.end() <= window.begin || window.end <= other.begin();
  });
}

Timetable::Window Timetable::draw_window(const Operation& line, bool delayed, Random& random) const {
  const Lists lists = lists_of(writers_, line.tp);
  Window drawn = {last_moment(), last_moment()};
  int total = 0;
  for (int begin = 0; begin <= last_moment(); ++begin)
    for (int end = delayed ? begin + 1 : begin; end <= (delayed ? last_moment() : begin); ++end) {
      const int weight = delayed ? worth_of_delay(lists, begin, end) : worth_of_moment(lists, begin);
      if (weight == 0 || !is_free(line.cpu, {begin, end})) continue;
      total += weight;
      if (random.below(total) < weight) drawn = {begin, end};
    }
  return drawn;
}

void Timetable::add_hit(const Shape& shape, bool delayed, Random& random) {
  Hit hit;
  hit.line.verb = Verb::hit;
  hit.line.cpu = {Cpu::Kind::reader, draw_index(shape.readers, random)};
  hit.line.tp = draw_index(shape.tracepoints, random);
  hit.line.site = draw_index(shape.sites, random);
  const auto [begin, end] = draw_window(hit.line, delayed, random);
  hit.moments.push_back(begin);
  if (end > begin + 1 && random.chance(1, 8)) hit.moments.push_back(begin + 1 + random.below(end - begin - 1));
  if (end > begin) hit.moments.push_back(end);
  if (hit.moments.size() == 3) hit.line.parks.push_back({random.chance(1, 2) ? tp::Point::keyed : tp::Point::locked});
  if (hit.moments.size() >= 2) hit.line.parks.push_back(draw_delay(random));
  std::sort(hit.line.parks.begin(), hit.line.parks.end(),
            [](const Park& one, const Park& other) { return one.point < other.point; });
  const auto place = std::upper_bound(hits_.begin(), hits_.end(), hit, [](const Hit& one, const Hit& other) {
    return std::pair(one.begin(), one.end()) < std::pair(other.begin(), other.end());
  });
  hits_.insert(place, hit);
}

bool Timetable::Hit::acts_at(int moment) const {
  return std::find(moments.begin(), moments.end(), moment) != moments.end();
}

// The hits that do something at `moment`.
int Timetable::hits_at(int moment) const {
  return static_cast<int>(
      std::count_if(hits_.begin(), hits_.end(), [moment](const Hit& hit) { return hit.acts_at(moment); }));
}

bool Timetable::delay_begins_at(int moment) const {
  return std::any_of(hits_.begin(), hits_.end(),
                     [moment](const Hit& hit) { return hit.acts_at(moment) && hit.end() > moment; });
}

// The events from just after `from` to when a hit is to go on at `to`: writers' that end or stop, and other hits'.
int Timetable::events(int from, int to) const {
  int count = 0;
  for (int moment = from + 1; moment <= to; ++moment) {
    if (!is_inside(moment) || hits_at(moment) > 0) ++count;
    if (moment < to) count += hits_at(moment);
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

Sequence Timetable::sequence(Random& random) const {
  Sequence lines;
  lines.probes = writers_.probes;
  for (int moment = 0; moment <= last_moment(); ++moment) {
    if (is_inside(moment)) {
      Operation& line = lines.operations.emplace_back(writers_.operations[operations_before(moment)]);
      if (const int acting = hits_at(moment)) {
        line.parks.push_back(draw_middle(line.verb, delay_begins_at(moment), random));
        line.parks.back().events = static_cast<std::uint8_t>(acting);
      }
    }
    append_hits(moment, lines);
  }
  return lines;
}

}  // namespace tpfuzz
