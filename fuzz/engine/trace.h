// The trace: what happened in one execution, in order; and who watches.
#pragma once

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

#include "fuzz/subject/event.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// The tracepoint that an event of `operation` is about: of a batch over several, what is told of all is of the first;
/// of a nested hit it is the outer one's.
inline int tracepoint_of(const Event& event, const Operation& operation) {
  if (!spans_tracepoints(operation)) [[likely]]
    return operation.tp;
  const int told = event.kind == Event::Kind::hooked ? event.data >> 1 : event.data;
  return told < kMaxTracepoints && concerns(operation, told) ? told : operation.tp;
}

/// `event`, of a batch over several tracepoints, as one about `tracepoint`.
inline Event about(Event event, int tracepoint) {
  const bool hooked = event.kind == Event::Kind::hooked;
  event.data = static_cast<std::uint8_t>(hooked ? (event.data & 1) | tracepoint << 1 : tracepoint);
  return event;
}

/// The events of one execution. An engine writes them in place.
class Trace {
 public:
  void clear() { size_ = 0; }

  /// Makes room for `events` more, and returns where they go.
  Event* room(std::size_t events);

  /// The trace ends at `end`, which is in the room.
  void end_at(const Event* end) { size_ = static_cast<std::size_t>(end - events_.get()); }

  std::span<const Event> events() const { return {events_.get(), size_}; }

  /// FNV-1a over the events as 64-bit words.
  std::uint64_t hash() const;

 private:
  struct FreeEvents {
    void operator()(Event* events) const { std::free(events); }
  };

  std::unique_ptr<Event[], FreeEvents> events_;  // malloc's: a page of the room that nobody writes costs nothing
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// Who watches an execution while it runs.
class Observer {
 public:
  virtual ~Observer() = default;

  /// Sees the events since the last call, in their order, on the CPU that caused the last one. All but the last are of
  /// the kind `passed`. Returns false to end the execution at the last one.
  virtual bool observe(std::span<const Event> events) = 0;

  /// Whether it is told of each event at the moment when it happens. If not, a point that is passed is told of with the
  /// next event of another kind, or with `unlocked`.
  virtual bool looks_on() const { return false; }

  /// All CPUs are idle; sees what a tracepoint looks like that the operation of `completed` has changed (of a batch
  /// over several: which it is says `data`), and how many blocks of memory the subject holds. Returns false to end the
  /// execution here.
  virtual bool at_rest(const Event& completed, const Observation& observation, int blocks) = 0;
};

}  // namespace tpfuzz
