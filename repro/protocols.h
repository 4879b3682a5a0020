// `repro protocols`: what can be put under test by name, and what the harness adds to the language of protocols.
#pragma once

#include <string>

namespace tpfuzz {

struct ProtocolsOptions {
  std::string name;  ///< empty: all
  bool json = false;
  bool record = false;   ///< what a sequence says that was found under it
  bool dialect = false;  ///< the lines that the harness adds, in place of protocols
};

/// Prints the shipped protocols and the puzzles, a line each; or, if a name is given, its text. Returns 0. Throws
/// InputError.
int protocols(const ProtocolsOptions& options);

}  // namespace tpfuzz
