// `repro triage`: what a directory of findings amounts to.
#pragma once

#include <string>
#include <vector>

#include "fuzz/sequence/input.h"

namespace tpfuzz {

struct TriageOptions {
  std::vector<std::string> files;
  std::string protocol;  ///< what --protocol says; empty: nothing
  bool json = false;
  Reading reading = Reading::careful;
};

/// Prints a line for each distinct violation: how many files show it, and the smallest of them. Returns 0 (all clean)
/// or 1. Throws InputError.
int triage(const TriageOptions& options);

}  // namespace tpfuzz
