#include "fuzz/oracle/interleavings.h"

namespace tpfuzz {
namespace {

using tp::Point;

bool is_reader(int cpu) { return cpu >= kMaxWriters && cpu < kMaxWriters + kMaxReaders; }

template <class T>
std::size_t number(T value) {
  return static_cast<std::size_t>(value);
}

// The worker's points by where it stands: the one before a step counts as the step before it.
std::size_t worker_point(Point point) {
  switch (point) {
    case Point::waiting:
      return 1;
    case Point::synchronize:
    case Point::before_mark:
      return 2;
    case Point::mark:
      return 3;
    default:
      return 0;
  }
}

}  // namespace

void Interleavings::add(const History& history, const Event& event) {
  CpuState& cpu = cpus_[event.cpu];
  if (event.kind == Event::Kind::started) {
    cpu = {};
    cpu.busy = true;
    if (&cpu != &worker()) cpu.tracepoint = history.operation(event).tp;
  }
  if (event.kind == Event::Kind::completed) cpu.busy = false;
  if (event.kind != Event::Kind::passed) return;
  cpu.point = event.point;
  if (is_reader(event.cpu)) {
    cpu.last_published.reset();
    pass_as_reader(cpu);
  } else if (&cpu == &worker()) {
    pass_as_worker(cpu);
  } else {
    cpu.transition = history.planned(event).transition;
    if (cpu.transition) pass_as_writer(cpu);
  }
}

void Interleavings::pass_as_reader(const CpuState& reader) {
  for (int i = 0; i < kMaxWriters; ++i)
    if (const CpuState& writer = cpus_[number(i)]; writer.busy && writer.transition) meet(reader, writer);
  if (worker().busy && worker().point) overlap(reader, worker(), false);
}

void Interleavings::pass_as_writer(const CpuState& writer) {
  for (int i = kMaxWriters; is_reader(i); ++i) {
    CpuState& reader = cpus_[number(i)];
    if (!reader.busy || !reader.point) continue;
    meet(reader, writer);
    if (writer.point == Point::publish && reader.tracepoint == writer.tracepoint) cross(reader, *writer.transition);
  }
  if (worker().busy && worker().point) run(writer, worker());
}

void Interleavings::pass_as_worker(const CpuState& its) {
  for (int i = kMaxWriters; is_reader(i); ++i)
    if (const CpuState& reader = cpus_[number(i)]; reader.busy && reader.point) overlap(reader, its, true);
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

void Interleavings::run(const CpuState& writer, const CpuState& its) {
  met_[kMeetings + kCrossings + (number(*writer.transition) * tp::kPoints + number(*writer.point)) * kWorkerPoints +
       worker_point(*its.point)] = 1;
}

void Interleavings::overlap(const CpuState& reader, const CpuState& its, bool worker_came) {
  met_[kMeetings + kCrossings + kRuns + (number(*reader.point) * kWorkerPoints + worker_point(*its.point)) * 2 +
       number(worker_came)] = 1;
}

}  // namespace tpfuzz
