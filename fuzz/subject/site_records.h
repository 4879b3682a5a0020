// What the compiler recorded about the program's sites (core/static_key.h), read by the harness itself: what is judged
// by it was not computed by the core.
#pragma once

#include <cstdint>

namespace tpfuzz {

/// The same of a library that is loaded later, and stays: its records from `begin` to `end`, offsets as in the program.
/// While nobody asks.
void add_site_records(const void* begin, const void* end);

/// Where the branch at `site` of a static key goes if the key is on; 0 if no record speaks of it.
std::uintptr_t branch_of(std::uintptr_t site);

}  // namespace tpfuzz
