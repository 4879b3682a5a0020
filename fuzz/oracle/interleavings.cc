#include "fuzz/oracle/interleavings.h"

namespace tpfuzz {
namespace {

using tp::Point;

bool is_reader(int cpu) { return cpu >= kMaxWriters && cpu < kMaxWriters + kMaxReaders; }

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

}  // namespace

void Interleavings::add(const History& history, const Event& event) {
  if (event.cpu == kMaxCpus - 1) return add_of_worker(event);
  CpuState& cpu = cpus_[event.cpu];
  if (event.kind == Event::Kind::started) cpu = {true, history.operation(event).tp, {}, {}, {}};
  if (event.kind == Event::Kind::completed) cpu.busy = false;
  if (event.kind != Event::Kind::passed) return;
  cpu.point = event.point;
  if (is_reader(event.cpu)) {
    cpu.last_published.reset();
    pass_as_reader(cpu);
  } else {
    cpu.transition = history.planned(event).transition;
    if (cpu.transition) pass_as_writer(cpu);
  }
}

void Interleavings::add_of_worker(const Event& event) {
  if (event.kind == Event::Kind::completed) worker_.reset();
  if (event.kind != Event::Kind::passed) return;
  const auto place = worker_place(event.point);
  if (!place) return;
  worker_ = place;
  for (int i = kMaxWriters; is_reader(i); ++i)
    if (const CpuState& reader = cpus_[number(i)]; reader.busy && reader.point) overlap(reader, true);
}

void Interleavings::pass_as_reader(const CpuState& reader) {
  for (int i = 0; i < kMaxWriters; ++i)
    if (const CpuState& writer = cpus_[number(i)]; writer.busy && writer.transition) meet(reader, writer);
  if (worker_) overlap(reader, false);
}

void Interleavings::pass_as_writer(const CpuState& writer) {
  for (int i = kMaxWriters; is_reader(i); ++i) {
    CpuState& reader = cpus_[number(i)];
    if (!reader.busy || !reader.point) continue;
    meet(reader, writer);
    if (writer.point == Point::publish && reader.tracepoint == writer.tracepoint) cross(reader, *writer.transition);
  }
  if (worker_) run(writer);
}

void Interleavings::meet(const CpuState& reader, const CpuState& writer) {
  if (reader.tracepoint != writer.tracepoint) return;
  met_[(number(*writer.transition) * tp::kPoints + number(*writer.point)) * kReaderPoints + number(*reader.point)] = 1;
}

void Interleavings::cross(CpuState& reader, tp::Transition published) {
  if (reader.last_published)
    met_[kMeetings + (number(*reader.point) * tp::kTransitions + number(*reader.last_published)) * tp::kTransitions +
         number(published)] = 1;
  reader.last_published = published;
}

void Interleavings::run(const CpuState& writer) {
  met_[kMeetings + kCrossings + (number(*writer.transition) * tp::kPoints + number(*writer.point)) * kWorkerPlaces +
       *worker_] = 1;
}

void Interleavings::overlap(const CpuState& reader, bool worker_came) {
  met_[kMeetings + kCrossings + kRuns + (number(*reader.point) * kWorkerPlaces + *worker_) * 2 + number(worker_came)] =
      1;
}

}  // namespace tpfuzz
