// The trace: what happened in one execution, in order. Small fixed records without addresses, times or thread ids, so
// that the same sequence gives the same trace in every build and on every run.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "core/points.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

struct Event {
  enum class Kind : std::uint8_t {
    started,    ///< the CPU begins `operation`
    passed,     ///< it has come to `point`
    parked,     ///< it is delayed there
    waits,      ///< it waits for a grace period, the mutex or the worker
    resumed,    ///< it goes on
    called,     ///< function `func` runs with data `data`
    hooked,     ///< a hook ran: `func` is 1 for enable, 0 for disable; `result` is what it returned; `data` is 1 if the
                ///< CPU did not hold the mutex, plus twice what is said below
    faulted,    ///< a memory fault or an illegal instruction: signal `result`
    completed,  ///< the operation returned `result`
    stuck,      ///< `cpu` waits for nobody
    endless,    ///< it goes on for ever
    late,       ///< it is about to touch a function or data that a `sync` took away
    torn,       ///< it is about to run a site that holds no instruction
    disorder,   ///< it has changed a site out of order
    unwaited,   ///< its wait is over, and liburcu has had no grace period since the cookie was taken
    nested,     ///< a probe that it called begins to hit tracepoint `data`: what it does now is that hit's, until
    unnested,   ///< that hit has ended, and the probe goes on
    wrong_argument,  ///< the function that it called last got another argument number `data` than was passed: `result`
                     ///< is what (host.h)
  };
  Kind kind = Kind::started;
  std::uint8_t cpu = 0;        ///< Cpu::number()
  std::uint8_t operation = 0;  ///< index of the operation; of k0: the number of the run
  tp::Point point = tp::Point::keyed;
  std::uint8_t func = 0;
  /// called, nested: see there. Of a batch over several tracepoints, passed, parked, waits and hooked: which it works
  /// on; that of what many wait for together is one of those. Else 0.
  std::uint8_t data = 0;
  std::int16_t result = 0;
};
static_assert(sizeof(Event) == 8);  // so that it travels in a register: by value

/// The tracepoint that an event of `operation` is about: of a batch over several, what is told of all is of the first;
/// of a nested hit it is the outer one's.
inline int tracepoint_of(const Event& event, const Operation& operation) {
  const int told = event.kind == Event::Kind::hooked ? event.data >> 1 : event.data;
  return spans_tracepoints(operation) && told < kMaxTracepoints && concerns(operation, told) ? told : operation.tp;
}

/// `event`, of a batch over several tracepoints, as one about `tracepoint`.
inline Event about(Event event, int tracepoint) {
  const bool hooked = event.kind == Event::Kind::hooked;
  event.data = static_cast<std::uint8_t>(hooked ? (event.data & 1) | tracepoint << 1 : tracepoint);
  return event;
}

/// The events of one execution and their hash (FNV-1a, over 64-bit words).
class Trace {
 public:
  void clear() {
    events_.clear();
    hash_ = kOffsetBasis;
  }
  void add(Event event) {
    events_.push_back(event);
    hash_ = (hash_ ^ std::bit_cast<std::uint64_t>(event)) * kPrime;
  }
  const std::vector<Event>& events() const { return events_; }
  std::uint64_t hash() const { return hash_; }

 private:
  static constexpr std::uint64_t kOffsetBasis = 0xcbf29ce484222325;
  static constexpr std::uint64_t kPrime = 0x100000001b3;
  std::vector<Event> events_;
  std::uint64_t hash_ = kOffsetBasis;
};

/// Who watches an execution while it runs.
class Observer {
 public:
  virtual ~Observer() = default;
  /// Sees one event, on the CPU that caused it. Returns false to end the execution here.
  virtual bool observe(Event event) = 0;

  /// All CPUs are idle; sees what a tracepoint looks like that the operation of `completed` has changed (of a batch
  /// over several: which it is says `data`), and how many blocks of memory the subject holds. Returns false to end the
  /// execution here.
  virtual bool at_rest(const Event& completed, const Observation& observation, int blocks) = 0;
};

}  // namespace tpfuzz
