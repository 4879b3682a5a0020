// The invariant `snapshot`: the (func, data) calls of a hit, in order, are one of the probe lists that it may have
// seen. So no probe is lost, repeated or out of priority order; and a hit that begins after a registration has returned
// calls the probe.
//
//   window     from the last registration that had returned when the hit began to the last that had begun when it
//   ended;
//              within that, where the instants of the stores are known, the lists that were current during the hit
//   nothing    a hit that called nothing must have seen an empty list. If the hit found the key off, that may be any of
//              the window: the key changes at some instant between the begin and the return of a registration. If it
//              found the key on, only an array can have told it
//   stubs      an entry that was stubbed in place during the hit, in the array of that version, may be there or not
//   one by one where a subject removes the probes of one call one after the other, each of them may be there or not
//
// One rule for all engines: the oracle knows the instants, the judge of free runs does not.
#pragma once

#include <span>

#include "fuzz/oracle/reference.h"

namespace tpfuzz {

/// A probe list that a registration has made.
struct Version {
  ProbeList list;
  bool by_stub = false;     ///< made from the version before, in place
  unsigned enables = 0;     ///< how many enable hooks had to return 0 until it was made, its own included (hooks.h)
  bool one_by_one = false;  ///< made from the version before by several removals, which a hit may see in part
};

/// The version that `plan`, which changes the list, makes.
inline Version version_of(const Plan& plan, unsigned enables) {
  return {plan.list, plan.change == Plan::Change::stub, enables, plan.one_by_one};
}

struct Call {
  std::uint8_t func = 0;
  std::uint8_t data = 0;
};

/// What a hit may have seen. Versions are in the order in which their registrations took the mutex.
struct Window {
  std::span<const Version> begun;    ///< from the last returned at the hit's begin to the last begun at its end
  std::span<const Version> current;  ///< of these those that were current during the hit; all, if instants are unknown
  bool keyed = false;                ///< the hit is known to have found the key on
};

/// Whether `calls` are what `version` lists, where probes that are no longer in `later` may be missing: `later` is the
/// last of the versions that were made from `version` in place or one by one, or `version.list` itself.
bool calls_match(std::span<const Call> calls, const ProbeList& version, const ProbeList& later,
                 const Sequence& sequence);

/// Whether `calls` are all that a hit with this window may have called.
bool is_snapshot(const Window& window, std::span<const Call> calls, const Sequence& sequence);

}  // namespace tpfuzz
