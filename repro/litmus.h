// `repro litmus`: what the cores of this machine do with code that changes under them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tpfuzz {

struct LitmusOptions {
  std::vector<std::string> tests;  ///< names; empty: all
  long runs = 0;                   ///< of each test; 0: as many as the test says
  std::uint64_t seed = 0;
  bool list = false;
  bool json = false;
};

/// Runs the tests and prints what was seen. Returns 0, or 1 if something forbidden was. Throws InputError: an unknown
/// test, text that can't be patched, or one core only, which can tell nothing.
int run_litmus(const LitmusOptions& options);

}  // namespace tpfuzz
