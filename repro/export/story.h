// What an exported test tells: the words of the CPUs, and the schedule, as C++ text for test.cc.in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fuzz/engine/turns.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// The protocol, the probes, what each CPU does, and the schedule.
std::string story(const Sequence& sequence, const std::vector<Turn>& turns, std::string_view protocol_text);

/// The definitions of the tracepoints that `sequence` uses, and the table of them.
std::string tracepoint_definitions(const Sequence& sequence);
std::string tracepoint_rows(const Sequence& sequence);

}  // namespace tpfuzz
