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

bool is_quiescent(const Observation& observation, const ProbeList& published, const ProbeList& listed, bool held,
                  const Sequence& sequence, int blocks) {
  return is_array_of(observation, published, listed, sequence) && observation.key_on == (held || !listed.empty()) &&
         observation.text_whole && observation.promise_kept && blocks == observation.arrays;
}

[[gnu::noinline]] bool quiescent_holds(const History& history, const Event& completed, const Observation& observation,
                                       int blocks) {
  return is_quiescent(observation, history.published(completed).list, history.current(completed).list,
                      history.is_held(completed), history.sequence(), blocks);
}

}  // namespace tpfuzz
