#include "fuzz/oracle/quiescent.h"

#include <algorithm>

namespace tpfuzz {
namespace {

// Whether the array lists the version's probes. Stubs stay in an array until the next one.
bool lists(const Observation& observation, const Version& version, const Sequence& sequence) {
  auto entry = observation.entries.begin();
  const auto skip_stubs = [&] {
    while (version.by_stub && entry != observation.entries.end() && entry->stub) ++entry;
  };
  for (const Registered& registered : version.list) {
    skip_stubs();
    const Probe probe = sequence.probes[registered.slot].value_or(Probe{});
    const Observation::Entry expected = {probe.func, probe.data, registered.prio, false};
    if (entry == observation.entries.end() || *entry++ != expected) return false;
  }
  skip_stubs();
  return entry == observation.entries.end();
}

}  // namespace

[[gnu::noinline]] bool quiescent_holds(const History& history, const Event& completed, const Observation& observation,
                                       int blocks) {
  const Version& version = history.current(completed);
  return lists(observation, version, history.sequence()) && observation.key_on == !version.list.empty() &&
         observation.text_whole && observation.promise_kept && blocks == observation.arrays;
}

}  // namespace tpfuzz
