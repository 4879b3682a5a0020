// The list of a tracepoint's probes, and what registering and unregistering make of it: one set of rules, those of the
// kernel (v6.12), for what draws sequences and for what judges executions. What else an operation does, its result, its
// array and its hooks, is in oracle/reference.h.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// A probe that is registered: its slot in the sequence, and the priority that it was registered with.
struct Registered {
  std::uint8_t slot = 0;
  std::int32_t prio = kDefaultPriority;
  bool operator==(const Registered&) const = default;
};

/// In the order in which a hit calls them: the highest priority first, first come first among equals.
using ProbeList = boost::container::static_vector<Registered, kMaxProbes>;

/// What a register of a probe puts into a list. The operation names one probe.
Registered registered_by(const Operation& operation, const Sequence& sequence);

/// Whether a probe of this slot is in `list`.
bool contains(const ProbeList& list, std::uint8_t slot);

/// Puts `probe` into `list`, unless its slot is there already.
void insert(ProbeList& list, Registered probe);

/// Takes the probes of `slots`, a bit each, out of `list`; 0 is the NULL function, which takes all. An absent probe is
/// no mistake.
void remove(ProbeList& list, std::uint8_t slots);

/// What `operation` makes of `list`, that of tracepoint `tp`, if it does not fail.
void apply(const Sequence& sequence, const Operation& operation, int tp, ProbeList& list);

/// The list of tracepoint `tp` when the first `count` operations are done, if none of them fails.
ProbeList probe_list(const Sequence& sequence, std::size_t count, int tp);

/// The slots of `list`, a bit each.
std::uint8_t slots_of(const ProbeList& list);

}  // namespace tpfuzz
