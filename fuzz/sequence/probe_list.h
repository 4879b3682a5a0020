// What the readers of a tracepoint find, as far as the sequence alone tells.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// Slots of registered probes with the priority that each came with, in the order in which a hit calls them.
struct Registered {
  std::uint8_t slot = 0;
  std::int8_t prio = kDefaultPriority;
};
using ProbeList = boost::container::static_vector<Registered, kMaxProbes>;

/// What `operation` makes of `list`, if it does not fail and the list is its tracepoint's.
void apply(const Sequence& sequence, const Operation& operation, ProbeList& list);

/// The list of tracepoint `tp` when the first `count` operations are done, if none of them fails.
ProbeList probe_list(const Sequence& sequence, std::size_t count, int tp);

/// The slots of `list`, a bit each.
std::uint8_t slots_of(const ProbeList& list);

}  // namespace tpfuzz
