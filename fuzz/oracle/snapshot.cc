#include "fuzz/oracle/snapshot.h"

#include <algorithm>

namespace tpfuzz {
namespace {

bool is_seen_in_part(const Version& version) { return version.by_stub || version.one_by_one; }

}  // namespace

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

[[gnu::noinline]] bool is_snapshot(const Window& window, std::span<const Call> calls, const Sequence& sequence) {
  if (calls.empty() && !window.keyed &&
      std::ranges::any_of(window.begun, [](const Version& version) { return version.list.empty(); }))
    return true;
  for (std::size_t i = 0; i < window.current.size(); ++i) {
    std::size_t last = i;
    while (last + 1 < window.current.size() && is_seen_in_part(window.current[last + 1])) ++last;
    if (calls_match(calls, window.current[i].list, window.current[last].list, sequence)) return true;
  }
  return false;
}

}  // namespace tpfuzz
