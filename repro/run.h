// `repro run`: the verdict of each file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/sequence/input.h"

namespace tpfuzz {

struct RunOptions {
  std::vector<std::string> files;
  std::string protocol;               ///< what --protocol says; empty: nothing
  std::string engine;                 ///< one of engine_names (runs.h)
  std::optional<std::uint64_t> seed;  ///< of the delays of stress; 0 without it
  int repeat = 1;
  std::string format = "text";  ///< of run_formats()
  std::string out = {};         ///< where what `format` says goes (output.h)
  bool all = false;             ///< of a directory, a line for each clean file, too
  bool cost = false;
  bool verbose = false;
  Reading reading = Reading::careful;
};

/// Prints a verdict a file; with `repeat`, how many runs gave a violation and how many traces; with `cost`, what each
/// transition cost; with `verbose`, every step of each distinct trace first. Returns 0 (all clean) or 1. Throws
/// InputError.
/// The words of --format.
std::vector<std::string> run_formats();

int run(const RunOptions& options);

}  // namespace tpfuzz
