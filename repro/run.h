// `repro run`: the verdict of each file.
#pragma once

#include <string>
#include <vector>

namespace tpfuzz {

struct RunOptions {
  std::vector<std::string> files;
  std::string protocol;
  std::string engine;  ///< lockstep, threads or stress
  int repeat = 1;
  bool json = false;
  bool cost = false;
  bool verbose = false;
};

/// Prints a verdict a file; with `repeat`, how many runs gave how many traces; with `cost`, what each transition cost;
/// with `verbose`, every step of each distinct trace first.
/// Returns 0 (all clean) or 1. Throws InputError.
int run(const RunOptions& options);

}  // namespace tpfuzz
