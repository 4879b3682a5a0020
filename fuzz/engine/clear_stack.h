// The part of the stack that no frame uses.
#pragma once

#include <array>
#include <cstddef>
#include <cstring>

namespace tpfuzz {

/// Zeroes the bytes below the caller's frame: a frame that comes to lie there, and does not initialise all of itself,
/// has nothing of what ran there before.
[[gnu::noinline]] inline void clear_stack_below() {
  std::array<std::byte, 2048> below;
  std::memset(below.data(), 0, below.size());
  asm volatile("" ::"r"(below.data()) : "memory");  // nobody reads what is cleared
}

}  // namespace tpfuzz
