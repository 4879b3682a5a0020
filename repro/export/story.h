// What an exported test tells: the words of the CPUs, and the schedule, as C++ text for test.cc.in.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/engine/trace.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// One turn of an explicit schedule: `cpu` runs until it comes to a place in an operation.
struct Turn {
  Cpu cpu;
  int operation = 0;                ///< which of this CPU's, from 1
  std::optional<tp::Point> until;   ///< nothing: the operation's end
  int nth = 1;                      ///< which passing of `until` in the operation
  const Operation* line = nullptr;  ///< the operation in the sequence; nullptr: a run of the worker
};

/// The turns that the CPUs took in an execution of `sequence`, which outlives them.
std::vector<Turn> turns_of(const Sequence& sequence, const std::vector<Event>& events);

/// The protocol, the probes, what each CPU does, and the schedule.
std::string story(const Sequence& sequence, const std::vector<Turn>& turns, std::string_view protocol_text);

/// The definitions of the tracepoints that `sequence` uses, and the table of them.
std::string tracepoint_definitions(const Sequence& sequence);
std::string tracepoint_rows(const Sequence& sequence);

}  // namespace tpfuzz
