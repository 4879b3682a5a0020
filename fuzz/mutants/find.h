// A finder's side of a trial: a search of the woven core in this process, whatever mutant is on. What comes of it goes
// into the Report (report.h).
#pragma once

#include <cstdint>
#include <string>

namespace tpfuzz::mutants {

/// Searches with the engine `engine` (lockstep, threads, stress) from nothing, until a violation or for `executions`.
/// Takes turns through a few correct protocols. Equal seeds give equal searches, where the engine does. Returns 1 if
/// there was a violation, else 0.
int find(const std::string& engine, std::uint64_t seed, int executions);

}  // namespace tpfuzz::mutants
