// A peer: LTTng-UST's tracepoint library, which grew out of the same kernel code and went its own way. It runs the
// operations of a sequence through its exported functions and its own call sites, and says what came of them.
//
// What the two have in common is compared without allowance. What only one of them has is taken out by `comparable`:
//
//   ours                          LTTng-UST 2.13                        compared
//   register: 0 EEXIST EINVAL     the same                              yes
//   a new probe of equal prio     behind the others, too                yes, by the order of the calls
//   unregister: 0 ENOENT          the same                              yes
//   absent from a non-empty list  0, too                                yes
//   the NULL function             register: EINVAL; unregister: all     yes
//   several tracepoints           the same                              yes
//   a batch of removals           one by one, one release of arrays     the list, and the result of the first: both are
//                                                                       ENOENT exactly if nothing was registered
//   two call sites                a tracepoint has any number           yes, site 0 and 1
//   sync                          the release of arrays waits           what is called afterwards
//   priorities                    none                                  no: all are made equal
//   fail=K: no memory             ENOMEM, never a stub; not injectable  no: taken out
//   hook=fail                     no hooks                              no: taken out
//   parks, k0                     no points, no worker                  no: taken out
#pragma once

#include <vector>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// A probe's function that ran, and the data that it got, by number.
struct ProbeCall {
  int func = 0;
  int data = 0;
  bool operator==(const ProbeCall&) const = default;
};

/// What came of one operation: 0 or -errno, and whom it called, in order.
struct Outcome {
  int result = 0;
  std::vector<ProbeCall> calls{};
  bool operator==(const Outcome&) const = default;
};

/// What of `sequence` both have: the table above.
Sequence comparable(Sequence sequence);

/// Runs the operations of `sequence`, which is comparable, in their order on LTTng-UST, from no registration to none.
/// Returns one outcome an operation. Not thread-safe.
std::vector<Outcome> run_on_lttng_ust(const Sequence& sequence);

}  // namespace tpfuzz
