// `repro progress`: how far a fuzzing session is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/protocol.h"

namespace tpfuzz {

struct Reached {
  std::int64_t executions = 0;
  std::size_t met = 0;       ///< interleavings, of those that are possible
  std::size_t possible = 0;  ///< under the protocol
};

/// What a progress file tells of a session on `protocol`; of none yet, that nothing was done. Throws InputError.
Reached reached(const std::string& file, const tp::Protocol& protocol);

/// Prints "execs=N interleavings=MET/POSSIBLE" of a progress file, or of that in a session's directory; with `json`, an
/// object. `protocol` is what --protocol says, empty: nothing. Returns 0. Throws InputError.
int print_progress(const std::string& file_or_directory, const std::string& protocol, bool json);

}  // namespace tpfuzz
