// What the compiler recorded about the program's sites (core/static_key.h), read by the harness itself: what is judged
// by it was not computed by the core.
#pragma once

#include <cstdint>

namespace tpfuzz {

/// Where the branch at `site` of a static key goes if the key is on; 0 if no record speaks of it.
std::uintptr_t branch_of(std::uintptr_t site);

}  // namespace tpfuzz
