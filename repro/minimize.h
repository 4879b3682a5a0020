// `repro minimize`: the simplest sequence that shows the same violation.
#pragma once

#include <string>

#include "fuzz/sequence/input.h"

namespace tpfuzz {

struct MinimizeOptions {
  std::string file;
  std::string output;    ///< as output.h says
  std::string protocol;  ///< what --protocol says; empty: nothing
  bool json = false;     ///< what is told is a record (verdict_record.h)
  bool any = false;      ///< the invariant stays; the transition and the point may change
  double seconds = 0;    ///< until the best so far is taken; 0: no limit
  Reading reading = Reading::careful;
};

/// Writes the simplest sequence found, as text, prints its verdict, and says on stderr what became simpler, and whether
/// the transition or the point changed; shows on a terminal how far it is. SIGINT ends the search early, as the time
/// limit does. Returns 0. Throws InputError, also if a fresh process says something else about FILE, or about what was
/// written, which stays.
int minimize(const MinimizeOptions& options);

}  // namespace tpfuzz
