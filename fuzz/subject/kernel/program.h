// Runs another program.
#pragma once

#include <string>
#include <vector>

namespace tpfuzz::kernel {

struct Ran {
  int status = -1;     ///< its exit code; -1: it could not be started, or a signal ended it
  std::string output;  ///< what it wrote, on both streams
};

/// Runs `arguments`, whose first is the program, looked up in PATH, and waits for its end.
Ran run_program(const std::vector<std::string>& arguments);

}  // namespace tpfuzz::kernel
