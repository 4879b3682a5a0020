#include "fuzz/oracle/quiescent.h"

#include <algorithm>

namespace tpfuzz {
namespace {

// Whether the array is the one that was published, with stubs for what is no longer listed.
bool is_array_of(const Observation& observation, const ProbeList& published, const ProbeList& listed,
                 const Sequence& sequence) {
  const auto expected = [&](const Registered& registered) -> Observation::Entry {
    if (std::ranges::find(listed, registered) == listed.end()) return {.stub = true};
    const Probe probe = sequence.probes[registered.slot].value_or(Probe{});
    return {probe.func, probe.data, registered.prio, false};
  };
  return std::ranges::equal(observation.entries, published, {}, {}, expected);
}

}  // namespace

[[gnu::noinline]] bool quiescent_holds(const History& history, const Event& completed, const Observation& observation,
                                       int blocks) {
  const ProbeList& listed = history.current(completed).list;
  return is_array_of(observation, history.published(completed).list, listed, history.sequence()) &&
         observation.key_on == !listed.empty() && observation.text_whole && observation.promise_kept &&
         blocks == observation.arrays;
}

}  // namespace tpfuzz
