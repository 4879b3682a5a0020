// How a call arrives: from an entry (functions.h) through a few instructions to C++. What the caller left in registers
// and on the stack is still there, whatever its tracepoint passes.
#pragma once

#include <array>
#include <cstdint>

namespace tpfuzz {

/// A call as it came: the frame that `tpfuzz_save_registers` makes, up to where the stack's arguments begin.
struct Arrived {
  std::uint64_t entry;                     ///< which one it came through
  std::array<std::uint64_t, 5> registers;  ///< rsi rdx rcx r8 r9
  std::uint64_t xmm0;                      ///< its lower half
  std::uint64_t unused;                    ///< keeps the stack aligned
  std::uint64_t frame_pointer;             ///< the caller's
  std::uint64_t return_address;            ///< into the caller
  std::array<std::uint64_t, 1> on_stack;   ///< arguments for which no register was left
};

/// Where a call goes on: with the data that it was made with.
using Arrival = void(void* data, const Arrived& arrived);

/// What `tpfuzz_save_registers` calls. Set before the first call arrives.
extern "C" [[gnu::visibility("hidden")]] Arrival* tpfuzz_arrival;

/// Where entries jump to: with the data in rdi and the entry's number in r11, which the ABI has for such use.
extern "C" [[gnu::visibility("hidden")]] void tpfuzz_save_registers();

}  // namespace tpfuzz
