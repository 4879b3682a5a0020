// `repro protocols`: what can be put under test by name.
#pragma once

#include <string>

namespace tpfuzz {

/// Prints the shipped protocols and the puzzles, a line each; or, if `name` is not empty, its text. Returns 0. Throws
/// InputError.
int protocols(const std::string& name, bool json, bool record);

}  // namespace tpfuzz
