// `repro run`: the verdict of each file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fuzz/sequence/input.h"

namespace tpfuzz {

struct RunOptions {
  std::vector<std::string> files;
  std::string protocol;    ///< what --protocol says; empty: nothing
  std::string engine;      ///< one of engine_names (runs.h)
  std::uint64_t seed = 0;  ///< of the delays of stress
  int repeat = 1;
  bool json = false;
  bool cost = false;
  bool verbose = false;
  Reading reading = Reading::careful;
};

/// Prints a verdict a file; with `repeat`, how many runs gave a violation and how many traces; with `cost`, what each
/// transition cost; with `verbose`, every step of each distinct trace first. Returns 0 (all clean) or 1. Throws
/// InputError.
int run(const RunOptions& options);

}  // namespace tpfuzz
