// What an exploration is of: which sequences, and how many of whom.
#pragma once

#include <optional>
#include <string>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// Probes to explore with.
struct ProbeSet {
  std::array<Probe, kMaxProbes> probes{};
  ProbeNames names;
  int size = 0;
};

/// The usual one: `a` and `b` share a function, `b` and `c` share a data, `c` has a higher priority than the others and
/// `d` a lower one.
inline constexpr int kProbesOfSet = 4;
inline constexpr std::array<Probe, kProbesOfSet> kProbeSet = {{{0, 0, 10}, {0, 1, 10}, {1, 1, 20}, {1, 0, 5}}};

/// The probes that `sequence` declares.
ProbeSet probes_of(const Sequence& sequence);

struct Bounds {
  std::optional<int> operations = 4;  ///< registrations and unregistrations, of all writers; nothing: any number
  std::optional<int> hits = 1;        ///< of each reader; nothing: any number
  int writers = 1;
  int readers = 1;
  int probes = 3;                 ///< the first ones of the set, which has as many
  const ProbeSet* set = nullptr;  ///< outlives the bounds; nullptr: the usual set
  int tracepoints = 1;            ///< 0, 1, ... : each operation exists once for each
  bool failing = false;           ///< each registration and unregistration once more, with its first allocation failing
  bool syncs = false;             ///< writers may `sync`; a sync counts as an operation
  bool batches = false;           ///< writers may unregister any two probes at once, also of two tracepoints
  bool key_users = false;  ///< writers may hold the key of a tracepoint, and release it; each counts as an operation
  bool faultable = false;  ///< the readers of every tracepoint are faultable
  bool mixed = false;      ///< those of every tracepoint but 0 are
};

/// A sequence that has each operation once that an execution within `bounds` may begin, in no order of time. Nothing if
/// there are more than a sequence can hold.
std::optional<Sequence> alphabet(const Bounds& bounds);

/// "every schedule of every sequence of up to 5 operations on 3 probes with 1 reader of 1 hit": what was explored, in
/// words.
std::string words(const Bounds& bounds);

}  // namespace tpfuzz
