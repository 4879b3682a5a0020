// The invariant `hooks`:
//
//   count   a tracepoint's enable and disable hooks alternate, exactly once for each change between no probe and some,
//           also when a call fails: a registration that fails after the enable hook runs the disable hook
//   mutex   both run under the mutex of all registrations
//   order   no probe is called before the enable hook of the registration that it needs has returned 0
//
// The disable hook runs at the begin of the last removal, as in the kernel: readers that began before the removal
// returned may still call the probe. Who begins later may call nothing (`snapshot`).
#pragma once

#include "fuzz/oracle/history.h"

namespace tpfuzz {

/// Whether one of the versions `begun` lists `call` and had its enable hooks, of which `enabled` have returned 0. True,
/// too, if none lists it: that is no mistake of a hook.
bool enabled_before(std::span<const Version> begun, const Call& call, unsigned enabled, const Sequence& sequence);

/// Whether the hook `event` is due in its operation; or, of an operation that ends with `event`, whether all that were
/// due ran. `history` has taken it in.
/// Of a call: whether it comes after its enable hook.
bool hooks_hold(const History& history, const Event& event);

/// The mark of a hook that ran without the mutex, in `Event::data`.
inline constexpr std::uint8_t kWithoutMutex = 1;

}  // namespace tpfuzz
