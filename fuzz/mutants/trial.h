// A trial: one mutant, one finder after the other, each in a fresh process, as a mutant may crash, hang or corrupt it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace tpfuzz::mutants {

struct Budget {
  int executions = 0;  ///< of a search in lockstep; the searches of the other engines are shorter
  int seeds = 1;       ///< if a search finds, it is done with so many seeds: the median counts
  bool slow = true;    ///< with the core tests that take seconds, too
  int timeout = 0;     ///< seconds without an execution or a test begun: the finder is stuck, so has found something
};

/// What the first finder that found anything found.
struct Finding {
  std::string finder;  ///< "lockstep", "core test", "threads", "stress", "slow core test"; empty: none found anything
  std::string what;    ///< an invariant, a sanitizer's report, a test, a signal, "hang"
  int executions = 0;  ///< of the finder, up to that; of the core tests it is tests
  double seconds = 0;  ///< of all finders up to that
};

/// Tries mutant `number`, or the core as it is for 0. `tests` is the directory of the programs of the core's tests.
/// Thread-safe.
Finding try_mutant(int number, const Budget& budget, const std::filesystem::path& tests);

}  // namespace tpfuzz::mutants
