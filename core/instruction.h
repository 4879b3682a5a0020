// The x86-64 instructions that the patcher writes: all are five bytes, so that one can replace another in place.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <limits>

#include "core/namespace.h"

namespace tpfuzz::internal {

inline constexpr std::size_t kInstructionSize = 5;
inline constexpr std::uint8_t kInt3 = 0xcc;

/// Five bytes of code, kept in the low bytes of one word so that a trap handler can load them at once.
struct Instruction {
  std::uint64_t word = 0;

  std::uint8_t first() const { return static_cast<std::uint8_t>(word); }
  std::array<std::uint8_t, kInstructionSize> bytes() const {
    std::array<std::uint8_t, kInstructionSize> out{};
    std::memcpy(out.data(), &word, out.size());
    return out;
  }
  /// For a call or a jump: its rel32.
  std::int32_t displacement() const { return static_cast<std::int32_t>(static_cast<std::uint32_t>(word >> 8)); }
  bool operator==(const Instruction&) const = default;
};

inline constexpr std::uint8_t kCallOpcode = 0xe8;      // call rel32
inline constexpr std::uint8_t kJumpOpcode = 0xe9;      // jmp rel32
inline constexpr Instruction kNop5{0x00'00'44'1f'0f};  // nopl 0(%rax,%rax,1), Intel's recommended five-byte nop

/// Whether a five-byte call or jump at `site` reaches `target`.
inline bool reaches(std::uintptr_t site, std::uintptr_t target) {
  const auto distance = static_cast<std::int64_t>(target - (site + kInstructionSize));
  return distance >= std::numeric_limits<std::int32_t>::min() && distance <= std::numeric_limits<std::int32_t>::max();
}

/// `opcode rel32` at `site` that goes to `target`, which it must reach.
inline Instruction relative(std::uint8_t opcode, std::uintptr_t site, std::uintptr_t target) {
  const auto rel32 = static_cast<std::uint32_t>(target - (site + kInstructionSize));
  return {static_cast<std::uint64_t>(rel32) << 8 | opcode};
}

/// Where the call or jump `instruction` at `site` goes.
inline std::uintptr_t destination(Instruction instruction, std::uintptr_t site) {
  return site + kInstructionSize + static_cast<std::uintptr_t>(static_cast<std::intptr_t>(instruction.displacement()));
}

}  // namespace tpfuzz::internal
