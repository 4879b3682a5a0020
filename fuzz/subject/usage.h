// Which probes are in use, as their user knows it from what register and unregister returned: when a `sync` may take
// their functions and data away. What two calls do to one probe at the same time the user knows in no order: then it
// stays in use.
//
// Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

class Usage {
 public:
  void reset() { *this = {}; }

  /// Around a registration: what is being registered is in use.
  void register_begins(int tracepoint, const Probe& probe);
  void register_ends(int tracepoint, const Probe& probe, bool registered);

  /// Whether something was registered with this tracepoint, or could have been.
  bool was_used(int tracepoint) const { return (used_ >> tracepoint & 1) != 0; }

  /// Around a removal, whose probes stay in use until it ends. The NULL function is all probes.
  struct Removal {
    std::uint64_t registering = 0;  ///< pairs that were being registered when it began, a bit each
    unsigned uses = 0;              ///< how many registrations had begun
  };
  Removal unregister_begins(std::span<const Probe> probes);
  void unregister_ends(int tracepoint, std::span<const Probe> probes, bool removed, const Removal& begun);

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
  // How many calls are under way that do something to a pair.
  class UnderWay {
   public:
    void begin(unsigned pair) {
      ++counts_[pair];
      pairs_ |= std::uint64_t{1} << pair;
    }
    void end(unsigned pair) {
      if (--counts_[pair] == 0) pairs_ &= ~(std::uint64_t{1} << pair);
    }
    std::uint64_t pairs() const { return pairs_; }  // a bit for each with one

   private:
    std::array<std::uint8_t, 64> counts_{};
    std::uint64_t pairs_ = 0;
  };

  static unsigned number(const Probe& probe) { return probe.func * 8U + probe.data; }
  static std::uint64_t pair(const Probe& probe) { return std::uint64_t{1} << number(probe); }

  std::array<std::uint64_t, kMaxTracepoints> registered_{};  // a bit for each pair of function and data
  UnderWay registering_;
  UnderWay removing_;
  std::array<unsigned, 64> pair_uses_{};                 // the number of the pair's last registration
  std::array<unsigned, kMaxFunctions> function_uses_{};  // registrations begun; 0 once it has gone
  std::array<unsigned, kMaxData> data_uses_{};
  unsigned uses_ = 0;
  unsigned used_ = 0;  // a bit for each tracepoint
};

}  // namespace tpfuzz
