// What a subject that uses freed memory, or runs over a block's end, meets where AddressSanitizer doesn't report it:
// the same things every time, whatever malloc does. Freed memory is filled with kGarbage and kept; after each block
// stand one entry of garbage and one of zeros.
#pragma once

#include <cstddef>
#include <cstring>

#include "fuzz/subject/host.h"
#include "fuzz/subject/sanitizer.h"

namespace tpfuzz {

inline constexpr int kGarbage = 0xdd;      // as an address: not canonical, so that following it faults
inline constexpr std::size_t kEntry = 24;  // of an array: function, data, priority

/// Bytes to allocate after each block.
inline constexpr std::size_t kBehind = kAddressSanitizer ? 0 : 2 * kEntry;

/// Writes the kBehind bytes at `end`.
inline void fill_behind(char* end) {
  if (kBehind == 0) return;
  std::memset(end, kGarbage, kEntry);
  std::memset(end + kEntry, 0, kEntry);
}

/// Fills the content of `block`, whose size says how long it is.
inline void fill_with_garbage(Block& block) { std::memset(&block + 1, kGarbage, block.size - sizeof block); }

}  // namespace tpfuzz
