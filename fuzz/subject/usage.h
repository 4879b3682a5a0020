// Which probes are in use, as their user knows it from what register and unregister returned: when a `sync` may take
// their functions and data away.
//
// Not thread-safe.
#pragma once

#include <array>
#include <cstdint>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

class Usage {
 public:
  void reset() { *this = {}; }

  /// Around a registration: what is being registered is in use.
  void register_begins(const Probe& probe);
  void register_ends(int tracepoint, const Probe& probe, bool registered);

  /// After a removal that succeeded. The NULL function is all probes.
  void unregistered(int tracepoint, const Probe& probe);

  /// What was used once and is in no use, at the beginning of a `sync`.
  struct Unused {
    std::uint8_t functions = 0;  ///< a bit each
    std::uint8_t data = 0;
    std::array<unsigned, kMaxFunctions> function_uses{};
    std::array<unsigned, kMaxData> data_uses{};
  };
  Unused unused() const;

  /// At its end: those of `before` that nobody has used since, as bits. They go, and count as never used.
  struct Gone {
    std::uint8_t functions = 0;
    std::uint8_t data = 0;
  };
  Gone take(const Unused& before);

 private:
  static_assert(kMaxFunctions == 8 && kMaxData == 8, "a pair is a bit of 64");
  static std::uint64_t pair(const Probe& probe) { return std::uint64_t{1} << (probe.func * 8 + probe.data); }

  std::array<std::uint64_t, kMaxTracepoints> registered_{};  // a bit for each pair of function and data
  std::array<std::uint8_t, 64> registering_{};               // how often, by pair
  std::array<unsigned, kMaxFunctions> function_uses_{};      // registrations begun; 0 once it has gone
  std::array<unsigned, kMaxData> data_uses_{};
  unsigned uses_ = 0;
};

}  // namespace tpfuzz
