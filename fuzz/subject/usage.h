// Which probes are in use, as their user knows it from what register and unregister returned: when a `sync` may take
// their functions and data away. What two calls do to one probe at the same time the user knows in no order: then it
// stays in use.
//
// Not thread-safe.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <span>

#include "fuzz/sequence/sequence.h"
#include "fuzz/subject/state_digest.h"

namespace tpfuzz {

class Usage {
 public:
  /// Pairs of a function and a data, a bit each.
  static constexpr std::size_t kPairs = std::size_t{kMaxFunctions} * kDataNumbers;
  using Pairs = std::bitset<kPairs>;

  void reset() { *this = {}; }

  /// Around a registration: what is being registered is in use.
  void register_begins(int tracepoint, const Probe& probe);
  void register_ends(int tracepoint, const Probe& probe, bool registered);

  /// Whether something was registered with this tracepoint, or could have been.
  bool was_used(int tracepoint) const { return (used_ >> tracepoint & 1) != 0; }

  /// Around a removal, whose probes stay in use until it ends. The NULL function is all probes. A removal under way has
  /// a number.
  using Removal = int;
  Removal unregister_begins(std::span<const Probe> probes);
  void unregister_ends(int tracepoint, std::span<const Probe> probes, bool removed, Removal begun);

  /// Functions and data, a bit each.
  struct Objects {
    std::uint8_t functions = 0;
    std::uint8_t data = 0;
  };

  /// Around a `sync`: what was used once and is in no use, at its beginning. NULL is no data that could go. A sync
  /// under way has a number.
  struct Unused : Objects {
    int sync = 0;
  };
  Unused sync_begins();

  /// At its end: those of `before` that nobody has used since. They go, and count as never used.
  Objects sync_ends(const Unused& before);

  /// Tells `digest` what makes a difference to what comes, in an execution with a `sync` or without.
  void describe(StateDigest& digest, bool with_syncs) const;

 private:
  // How many calls are under way that do something to a pair.
  class UnderWay {
   public:
    void begin(std::size_t pair) {
      ++counts_[pair];
      pairs_.set(pair);
    }
    void end(std::size_t pair) {
      if (--counts_[pair] == 0) pairs_.reset(pair);
    }
    const Pairs& pairs() const { return pairs_; }  // those with one

   private:
    std::array<std::uint8_t, kPairs> counts_{};
    Pairs pairs_;
  };

  static std::uint8_t bit(std::uint8_t number) { return static_cast<std::uint8_t>(1U << number); }
  static std::size_t number(const Probe& probe) { return std::size_t{probe.func} * kDataNumbers + probe.data; }

  // As many as there can be at once: each writer in a batch over all tracepoints.
  static constexpr std::size_t kRemovals = std::size_t{kMaxWriters} * kMaxTracepoints;
  static constexpr std::size_t kSyncs = kMaxWriters;

  Objects unused() const;

  std::array<Pairs, kMaxTracepoints> registered_;
  UnderWay registering_;
  UnderWay removing_;
  std::array<Pairs, kRemovals> registered_meanwhile_;  // for each removal under way: what it leaves in use
  std::bitset<kRemovals> removals_;                    // those under way
  std::array<Objects, kSyncs> used_meanwhile_{};       // for each sync under way: what registrations have used since
  std::bitset<kSyncs> syncs_;                          // those under way
  Objects used_once_;                                  // and did not go
  unsigned used_ = 0;                                  // a bit for each tracepoint
};

}  // namespace tpfuzz
