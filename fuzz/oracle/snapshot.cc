#include "fuzz/oracle/snapshot.h"

#include <algorithm>

namespace tpfuzz {

bool calls_match(std::span<const Call> calls, const ProbeList& version, const ProbeList& later,
                 const Sequence& sequence) {
  auto call = calls.begin();
  for (const Registered& registered : version) {
    const Probe probe = sequence.probes[registered.slot].value_or(Probe{});
    if (call != calls.end() && call->func == probe.func && call->data == probe.data) {
      ++call;
    } else if (std::ranges::find(later, registered.slot, &Registered::slot) != later.end()) {
      return false;
    }
  }
  return call == calls.end();
}

bool window_has(std::span<const Version> window, std::span<const Call> calls, const Sequence& sequence) {
  for (std::size_t i = 0; i < window.size(); ++i) {
    std::size_t last_stub = i;
    while (last_stub + 1 < window.size() && window[last_stub + 1].by_stub) ++last_stub;
    if (calls_match(calls, window[i].list, window[last_stub].list, sequence)) return true;
  }
  return false;
}

[[gnu::noinline]] bool snapshot_holds(const History& history, const Event& event) {
  const Hit& hit = history.hit(event);
  if (hit.calls.empty() && hit.key_was_off) return true;
  return window_has(history.window(event), {hit.calls.data(), hit.calls.size()}, history.sequence());
}

}  // namespace tpfuzz
