// `repro synthesize`: the protocols of a space that every schedule leaves clean, cheapest first; or the smallest change
// that makes a wrong protocol right.
#pragma once

#include <CLI/App.hpp>
#include <functional>
#include <string>

#include "fuzz/explore/bounds.h"

namespace tpfuzz {

struct SynthesizeOptions {
  Bounds bounds;
  std::string than;    ///< the protocol that sets the limit of the costs; empty: cookies, or cookies-own
  std::string fix;     ///< the protocol to mend; empty: none
  int changes = 4;     ///< of it, at most
  std::string output;  ///< where the protocols go: a directory, of `fix` a file; empty: standard output
  bool json = false;
};

/// Prints each protocol, and what was covered in one sentence. Returns 0; 1 if there is none; kStopped after SIGINT.
/// Throws InputError.
int synthesize(const SynthesizeOptions& options);

/// Adds the verb with its options, which live as long as the program; sets `chosen` if it is called.
void add_synthesize(CLI::App& app, std::function<int()>& chosen);

}  // namespace tpfuzz
