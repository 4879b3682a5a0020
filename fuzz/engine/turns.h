// An explicit schedule: which CPU runs, and how far, turn after turn. Every execution can be told so (`turns_of`), and
// every list of turns can be told as a sequence whose text gives the same schedule (`as_parks`). So whatever a
// scheduler has found is an ordinary .seq.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "fuzz/engine/scheduler.h"
#include "fuzz/engine/trace.h"

namespace tpfuzz {

/// One turn: `cpu` runs until it comes to a place in an operation.
struct Turn {
  Cpu cpu;
  int operation = 0;                ///< which of this CPU's, from 1
  std::optional<tp::Point> until;   ///< nothing: the operation's end
  int nth = 1;                      ///< which passing of `until` in the operation
  const Operation* line = nullptr;  ///< the operation in the sequence; nullptr: a run of the worker
  bool parked = false;              ///< it is delayed there; of `waiting`: longer than the wait lasts
};

/// The turns that the CPUs took in an execution of `sequence`, which outlives them.
std::vector<Turn> turns_of(const Sequence& sequence, std::span<const Event> events);

/// `sequence` with its lines in the order in which `turns` starts them, and with the parks that make its text give this
/// schedule; other parks go. Nothing if no text gives it: if a CPU would have to be delayed for more events, or an
/// operation more often, than a sequence can say.
std::optional<Sequence> as_parks(const Sequence& sequence, std::span<const Turn> turns);

}  // namespace tpfuzz
