// `repro progress`: how far a fuzzing session is, for the script that runs it.
#pragma once

#include <string>

namespace tpfuzz {

/// Prints "execs=N interleavings=MET/POSSIBLE" of a progress file; of none yet, in a directory that there is, that
/// nothing was done. `protocol` is what --protocol says, empty: nothing. Returns 0. Throws InputError.
int print_progress(const std::string& file, const std::string& protocol);

}  // namespace tpfuzz
