// What one registration and one removal cost together, under each shipped protocol, while nobody reads:
//
//   register/PROTOCOL/0->1->0       of the only probe
//   register/PROTOCOL/1->2->1       of a second one, that is called last: the first stays the first
//   register/PROTOCOL/1->2->1@front of a second one, that is called first: the data of the first entry changes twice
//
// Real time, as grace periods and patches are work that others do. `grace_periods` is how many were waited for per
// pair. A grace period is cheap here (1-2 us); disable_bench.cc shows what they cost beside readers. The tracepoint has
// one call site: two patched instructions for its call, one for its key.
#include <benchmark/benchmark.h>

#include <string>
#include <string_view>
#include <thread>

#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(core_bench_register, void(int pid));
TPFUZZ_TRACEPOINT_DEFINE(core_bench_register);

namespace {

[[gnu::noinline, gnu::used]] void site(int pid) { core_bench_register.hit(pid); }

void resident(void* /*data*/, int /*pid*/) {}
void guest(void* /*data*/, int /*pid*/) {}
char resident_data;
char guest_data;

void register_and_remove(benchmark::State& state, std::string_view protocol, bool alone, int prio) {
  auto& registry = tp::tracepoints();
  registry.set_protocol(tp::shipped_protocol(protocol));
  if (!alone) core_bench_register.register_probe(&resident, &resident_data);
  const unsigned long before = tp::rcu::waited();
  for ([[maybe_unused]] auto _ : state) {
    core_bench_register.register_probe(&guest, &guest_data, prio);
    core_bench_register.unregister_probe(&guest, &guest_data);
  }
  state.counters["grace_periods"] =
      benchmark::Counter(static_cast<double>(tp::rcu::waited() - before), benchmark::Counter::kAvgIterations);
  if (!alone) core_bench_register.unregister_probe(&resident, &resident_data);
  while (registry.worker().outstanding()) std::this_thread::yield();
  tp::rcu::drain();  // the arrays of the pass, so that the next one does not pay for them
  registry.set_protocol(tp::shipped_protocol(tp::kDefaultProtocol));
}

[[maybe_unused]] const bool kRegistered = [] {
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) {
    const std::string_view protocol = shipped.name;
    const auto add = [&](const char* transitions, bool alone, int prio) {
      const std::string name = "register/" + std::string(protocol) + "/" + transitions;
      benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
        register_and_remove(state, protocol, alone, prio);
      })->UseRealTime();
    };
    add("0->1->0", true, tp::kDefaultPriority);
    add("1->2->1", false, tp::kDefaultPriority);
    add("1->2->1@front", false, tp::kDefaultPriority + 1);
  }
  return true;
}();

}  // namespace
