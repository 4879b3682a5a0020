// What an exported test tells: the words of the CPUs, and the schedule, as C++ text for test.cc.in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fuzz/engine/turns.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// The protocol (the name of a shipped one, or a text), the probes, what each CPU does, and the schedule.
std::string story(const Sequence& sequence, const std::vector<Turn>& turns, std::string_view protocol);

/// How many functions, and data, one of them has to be: each sync or free can end the life of one.
int lives(const Sequence& sequence);

/// The definitions of the tracepoints that `sequence` uses, and the table of them.
std::string tracepoint_definitions(const Sequence& sequence);
std::string tracepoint_rows(const Sequence& sequence);

}  // namespace tpfuzz
