// The few instructions that a patched site may hold, as the harness reads and writes them itself. It shares nothing
// with the core's functions for that, so that it does not share their mistakes.
//
//   0f 1f 44 00 00   nop
//   e9 rel32         jump: from the end of the instruction
//   e8 rel32         call, likewise
//   cc ...           trap: one byte; the other four belong to an instruction that is being written
//
// and of a near trampoline, which a call goes through whose target no rel32 reaches:
//
//   ff 25 00000000   a jump to the address that the next eight bytes hold
//
// Anything else is `other`, also what does no harm: five one-byte nops are five instructions, and a CPU may stand
// between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace tpfuzz {

inline constexpr std::size_t kSiteSize = 5;

/// The bytes of a site, in one word so that they are compared at once.
struct SiteBytes {
  std::uint64_t word = 0;  ///< the first byte is the lowest

  constexpr std::uint8_t first() const { return static_cast<std::uint8_t>(word); }
  constexpr std::uint32_t tail() const { return static_cast<std::uint32_t>(word >> 8); }
  constexpr bool operator==(const SiteBytes&) const = default;
};

constexpr SiteBytes site_bytes(std::uint8_t first, std::uint32_t tail) {
  return {static_cast<std::uint64_t>(tail) << 8 | first};
}

inline constexpr std::uint8_t kTrapByte = 0xcc;
inline constexpr std::uint8_t kCallByte = 0xe8;
inline constexpr std::uint8_t kJumpByte = 0xe9;
inline constexpr SiteBytes kNopBytes = site_bytes(0x0f, 0x00'00'44'1f);

struct Decoded {
  enum class Kind : std::uint8_t { other, nop, jump, call, trap };
  Kind kind = Kind::other;
  std::uintptr_t target = 0;  ///< of a jump or a call: where it goes
  constexpr bool operator==(const Decoded&) const = default;
};

/// Where a jump or a call at `address` goes whose tail is that of `bytes`: relative to its end.
constexpr std::uintptr_t target_of(SiteBytes bytes, std::uintptr_t address) {
  const std::int64_t distance = static_cast<std::int32_t>(bytes.tail());
  return address + kSiteSize + static_cast<std::uintptr_t>(distance);
}

/// The instruction that begins with `bytes` at `address`.
constexpr Decoded decode(SiteBytes bytes, std::uintptr_t address) {
  using Kind = Decoded::Kind;
  switch (bytes.first()) {
    case kTrapByte:
      return {Kind::trap};
    case kCallByte:
      return {Kind::call, target_of(bytes, address)};
    case kJumpByte:
      return {Kind::jump, target_of(bytes, address)};
    default:
      return {bytes == kNopBytes ? Kind::nop : Kind::other};
  }
}

/// Where the near trampoline at `address` goes; nothing if none stands there. Any address may be asked for.
std::optional<std::uintptr_t> target_of_trampoline(std::uintptr_t address);

/// The bytes at `address` of a nop, or of a jump or a call whose target a rel32 reaches.
constexpr SiteBytes encode(Decoded instruction, std::uintptr_t address) {
  if (instruction.kind == Decoded::Kind::nop) return kNopBytes;
  const std::uintptr_t distance = instruction.target - address - kSiteSize;
  return site_bytes(instruction.kind == Decoded::Kind::call ? kCallByte : kJumpByte,
                    static_cast<std::uint32_t>(distance));
}

}  // namespace tpfuzz
