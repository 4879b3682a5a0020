// The invariant `snapshot`: the (func, data) calls of a hit, in order, are the probe list of one version in the hit's
// window. So no probe is lost, repeated or out of priority order.
//
//   window     every version that was current at some instant of the hit, from reading the key to leaving the section
//   key off    at any instant of the hit: it may have called nothing
//   stubs      an entry that was stubbed in place during the hit, in the array of that version, may be there or not
#pragma once

#include "fuzz/oracle/history.h"

namespace tpfuzz {

/// Whether `calls` are what `version` lists, where probes that are no longer in `later` (the version after the last
/// stub in the same array; `version.list` itself if there was none) may be missing.
bool calls_match(std::span<const Call> calls, const ProbeList& version, const ProbeList& later,
                 const Sequence& sequence);

/// Whether `calls` are what one version of `window` lists, which is in the order of time.
bool window_has(std::span<const Version> window, std::span<const Call> calls, const Sequence& sequence);

/// Whether the hit that ends with `event` called what it should.
bool snapshot_holds(const History& history, const Event& event);

}  // namespace tpfuzz
