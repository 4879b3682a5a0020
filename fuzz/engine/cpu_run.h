// What a CPU is in the middle of: one operation. What follows from the operation's own words (which allocation fails,
// what a hook returns, which hit is the current one) every engine has from here.
#pragma once

#include <cerrno>
#include <utility>

#include "fuzz/subject/host.h"

namespace tpfuzz {

struct CpuRun {
  const Operation* line = nullptr;  ///< nullptr: a run of k0 without a line
  int operation = 0;                ///< index in the sequence; of k0: the number of the run
  int steps = 0;                    ///< that it has taken
  int allocations = 0;
  int domain = kOrdinary;         ///< of the innermost section
  int works_on = 0;               ///< of a batch over several tracepoints: which one
  bool dispatched = false;        ///< the innermost hit has come to `dispatched`
  bool nested = false;            ///< a probe of its hit hits another tracepoint
  SiteKind site = SiteKind::key;  ///< of a hit: what it has come to last

  /// It begins `operation`.
  void begin(int its_operation, const Operation* its_line) {
    line = its_line;
    operation = its_operation;
    allocations = works_on = 0;
    domain = kOrdinary;
    dispatched = nested = false;
  }

  bool is_batch() const { return line != nullptr && spans_tracepoints(*line); }

  /// The tracepoint that it works on, or hits.
  int tracepoint() const { return nested ? *line->nested : is_batch() ? works_on : line->tp; }

  /// One more array is allocated: whether the operation says that this fails.
  bool next_allocation_fails() { return ++allocations == line->fail; }

  /// What the enable or disable hook returns.
  int hook_result(bool on) const { return on && line->hook_fails ? -EPERM : 0; }

  CurrentHit hit(int cpu) const { return {cpu, operation, tracepoint(), dispatched, line->nested && !nested}; }

  /// What a hit has to find again when the hit nested in it has ended.
  struct Outer {
    bool dispatched = false;
    int domain = kOrdinary;
  };

  /// A probe begins to hit another tracepoint; later that hit ends.
  Outer begin_nested() {
    nested = true;
    return {std::exchange(dispatched, false), domain};
  }
  void end_nested(const Outer& outer) {
    nested = false;
    dispatched = outer.dispatched;
    domain = outer.domain;
  }
};

}  // namespace tpfuzz
