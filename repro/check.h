// `repro check`: what one does with an idea from a mail: everything that tells whether an ordering is right, in about a
// quarter of a minute, and one sentence that says how much that is worth.
//
// In this order: the known sequences (check/corpus.h), explorations (check/explorations.h), a random search beyond them
// (explore/random_search.h), the costs beside today's (check/costs.h), the counterexample if there is one. Faultable
// readers are tried as well. What they break is a violation if the protocol says that it is correct for them; else the
// conclusion tells of it.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <functional>
#include <string>

namespace tpfuzz {

struct CheckOptions {
  std::string protocol;
  std::string output;           ///< where the counterexample goes; empty: standard output
  long executions = 1'000'000;  ///< of the random search; a quarter as many with faultable readers, too
  std::uint64_t seed = 1;       ///< of the random search
  bool json = false;
};

/// Prints what was tried, and what that is worth. SIGINT ends it early, with what there is. Returns 0 for clean, 1 for
/// a violation, or kStopped (verify.h) if nothing was found and that says too little. Equal options give equal output.
/// Throws InputError.
int check(const CheckOptions& options);

/// Adds the verb with its options, which live as long as the program; sets `chosen` if it is called.
void add_check(CLI::App& app, std::function<int()>& chosen);

}  // namespace tpfuzz
