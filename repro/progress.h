// `repro progress`: how far a fuzzing session is, for the script that runs it.
#pragma once

#include <bitset>
#include <string>

#include "fuzz/target/progress.h"

namespace tpfuzz {

/// The interleavings that a subject, by name or file, may come to. Throws InputError.
std::bitset<Interleavings::kCount> possible_interleavings(const std::string& subject);

/// Prints "execs=N interleavings=MET/POSSIBLE" of a progress file. Returns 0. Throws InputError.
int print_progress(const std::string& file, const std::string& subject);

}  // namespace tpfuzz
