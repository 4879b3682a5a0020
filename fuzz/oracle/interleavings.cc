#include "fuzz/oracle/interleavings.h"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

#include "fuzz/sequence/cpu.h"

namespace tpfuzz {
namespace {

using tp::Point;
using tp::Transition;

template <class T>
std::size_t number(T value) {
  return static_cast<std::size_t>(value);
}

// Where the worker stands once it has passed `point`; nothing if that is only in front of a step.
std::optional<std::size_t> worker_place(Point point) {
  switch (point) {
    case Point::queued:
      return 0;
    case Point::waiting:
      return 1;
    case Point::synchronize:
      return 2;
    case Point::mark:
      return 3;
    default:
      return std::nullopt;
  }
}

bool has_place(std::span<const Point> places, Point point) { return std::ranges::find(places, point) != places.end(); }

// Where the bytes of the other kinds stand.

std::size_t crossing_index(Point reader, Transition first, Transition second) {
  return Interleavings::kMeetings +
         (Interleavings::reader_place(reader) * tp::kTransitions + number(first)) * tp::kTransitions + number(second);
}

std::size_t run_index(Transition transition, Point writer, std::size_t worker) {
  return Interleavings::kMeetings + Interleavings::kCrossings +
         (number(transition) * Interleavings::kWriterPoints + Interleavings::writer_place(writer)) *
             Interleavings::kWorkerPlaces +
         worker;
}

std::size_t overlap_index(Point reader, std::size_t worker, bool worker_came) {
  return Interleavings::kMeetings + Interleavings::kCrossings + Interleavings::kRuns +
         (Interleavings::reader_place(reader) * Interleavings::kWorkerPlaces + worker) * 2 + number(worker_came);
}

constexpr Transition kAllTransitions[] = {Transition::add_first,     Transition::add_second,
                                          Transition::add_more,      Transition::remove_to_more,
                                          Transition::remove_to_one, Transition::remove_last};
static_assert(std::size(kAllTransitions) == tp::kTransitions);

bool is_patch(Point step) { return tp::patches(step, tp::touched::key | tp::touched::call); }
bool is_wait(Point step) { return tp::waits(step); }
bool queues(Point step) { return tp::row(step).kind == tp::PointKind::queue; }

bool has(const tp::Protocol& protocol, Transition transition, bool (*is)(Point)) {
  return std::ranges::any_of(protocol.of(transition), [&](const tp::Step& step) { return is(step.what); });
}

// What a writer may pass once it is known what it does.
std::vector<Point> points_of(const tp::Protocol& protocol, Transition transition) {
  std::vector<Point> points = {Point::begun};
  if (has(protocol, transition, is_patch)) points.insert(points.end(), {Point::trapped, Point::tailed});
  if (has(protocol, transition, is_wait)) points.push_back(Point::waiting);
  for (const tp::Step& step : protocol.of(transition)) points.insert(points.end(), {tp::before(step.what), step.what});
  return points;
}

// Whether a transition can be the next to be published behind `first`, which left so many probes (3: more than 2).
// Stubs take some away in between, and publish nothing; the last one takes no memory to remove.
bool follows(Transition first, Transition second, bool stubs) {
  struct Probes {
    int fewest, most;
  };
  static constexpr Probes kLeft[] = {{1, 1}, {2, 2}, {3, 3}, {2, 3}, {1, 1}, {0, 0}};
  // What there is at its begin. To unregister what is not registered publishes the same probes again.
  static constexpr Probes kFound[] = {{0, 0}, {1, 1}, {2, 3}, {2, 3}, {1, 3}, {1, 3}};
  const auto [fewest, most] = kLeft[number(first)];
  const auto& found = kFound[number(second)];
  return found.fewest <= most && found.most >= (stubs ? std::min(fewest, 1) : fewest);
}

}  // namespace

void Interleavings::add(const History& history, const Event& event) {
  if (is_worker(event.cpu)) return add_of_worker(event);
  CpuState& cpu = cpus_[event.cpu];
  if (event.kind == Event::Kind::started) cpu = {true, {history.operation(event).tp, {}, {}}, {}, {}};
  if (event.kind == Event::Kind::completed) cpu.busy = false;
  if (event.kind == Event::Kind::nested) cpu.outer = std::exchange(cpu.place, Place{event.data, {}, {}});
  if (event.kind == Event::Kind::unnested) cpu.place = *std::exchange(cpu.outer, std::nullopt);
  if (event.kind != Event::Kind::passed) return;
  if (is_reader(event.cpu) && !has_place(Interleavings::kReaderPlaces, event.point)) return;  // a reader that waits
  cpu.place.point = event.point;
  const int tracepoint = history.tracepoint_of(event);
  cpu.place.tracepoint = static_cast<std::uint8_t>(tracepoint);
  if (is_reader(event.cpu)) {
    cpu.place.last_published.reset();
    pass_as_reader(cpu.place);
  } else {
    cpu.transition = history.planned(event, tracepoint).transition;
    if (cpu.transition) pass_as_writer(cpu);
  }
}

// Calls `visit(place)` for each place where a reader stands; one in a nested hit stands in two.
template <class Visit>
void Interleavings::for_each_reader(Visit visit) {
  for (int i = kMaxWriters; is_reader(i); ++i) {
    CpuState& reader = cpus_[number(i)];
    if (!reader.busy) continue;
    if (reader.outer && reader.outer->point) visit(*reader.outer);
    if (reader.place.point) visit(reader.place);
  }
}

void Interleavings::add_of_worker(const Event& event) {
  if (event.kind == Event::Kind::completed) worker_.reset();
  if (event.kind != Event::Kind::passed) return;
  const auto place = worker_place(event.point);
  if (!place) return;
  worker_ = place;
  for_each_reader([this](const Place& reader) { overlap(reader, true); });
}

void Interleavings::pass_as_reader(const Place& reader) {
  for (int i = 0; i < kMaxWriters; ++i)
    if (const CpuState& writer = cpus_[number(i)]; writer.busy && writer.transition) meet(reader, writer);
  if (worker_) overlap(reader, false);
}

void Interleavings::pass_as_writer(const CpuState& writer) {
  for_each_reader([&](Place& reader) {
    meet(reader, writer);
    if (writer.place.point == Point::publish && reader.tracepoint == writer.place.tracepoint)
      cross(reader, *writer.transition);
  });
  if (worker_) run(writer);
}

void Interleavings::note(std::size_t interleaving) {
  met_[interleaving] = 1;
  if (ever_ != nullptr) std::atomic_ref(ever_[interleaving]).store(1, std::memory_order_relaxed);
}

void Interleavings::meet(const Place& reader, const CpuState& writer) {
  if (reader.tracepoint == writer.place.tracepoint)
    note(meeting(*writer.transition, *writer.place.point, *reader.point));
}

void Interleavings::cross(Place& reader, tp::Transition published) {
  if (reader.last_published) note(crossing_index(*reader.point, *reader.last_published, published));
  reader.last_published = published;
}

void Interleavings::run(const CpuState& writer) { note(run_index(*writer.transition, *writer.place.point, *worker_)); }

void Interleavings::overlap(const Place& reader, bool worker_came) {
  note(overlap_index(*reader.point, *worker_, worker_came));
}

std::bitset<Interleavings::kCount> Interleavings::possible(const tp::Protocol& protocol) {
  std::bitset<kCount> possible;
  const bool worker = std::ranges::any_of(kAllTransitions, [&](Transition t) { return has(protocol, t, queues); });
  for (const Transition transition : kAllTransitions) {
    for (const Point writer : points_of(protocol, transition)) {
      for (const Point reader : Interleavings::kReaderPlaces) possible.set(meeting(transition, writer, reader));
      for (std::size_t place = 0; worker && place < kWorkerPlaces; ++place)
        possible.set(run_index(transition, writer, place));
    }
    for (const Transition next : kAllTransitions)
      for (const Point reader : Interleavings::kReaderPlaces)
        if (follows(transition, next, !protocol.enomem_fails)) possible.set(crossing_index(reader, transition, next));
  }
  for (const Point reader : Interleavings::kReaderPlaces)
    for (std::size_t place = 0; worker && place < kWorkerPlaces; ++place)
      for (const bool worker_came : {false, true}) possible.set(overlap_index(reader, place, worker_came));
  return possible;
}

}  // namespace tpfuzz
