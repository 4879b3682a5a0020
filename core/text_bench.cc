// How often a static call can be switched: `static_call_update` between two functions of one type, each time through
// the six steps of text.h (three barriers) at two sites, the call in the reader and the trampoline.
//
//   patch/alone           nobody runs the site
//   patch/two_readers     two threads run through it without a pause, so that the barriers interrupt cores that are
//                         busy here and readers meet the int3
//
// Real time, as the barriers make others work; three threads share the cores there, and that is part of the figure.
// `cores` is how many of them were ours (readers.h).
#include <benchmark/benchmark.h>

#include "core/bench/readers.h"
#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(core_bench_patch, void(int pid));
TPFUZZ_TRACEPOINT_DEFINE(core_bench_patch);

namespace {

using tp::NativeEnv;

[[gnu::noinline]] void one(void* data, int pid) { asm volatile("" : : "r"(data), "r"(pid) : "memory"); }
[[gnu::noinline]] void other(void* data, int pid) { asm volatile("# other" : : "r"(data), "r"(pid) : "memory"); }

template <int readers>
void patch(benchmark::State& state) {
  core_bench_patch.register_probe(&one, nullptr);
  {
    const tp::bench::Readers hitting(readers, [] { core_bench_patch.hit(42); });
    const auto first = reinterpret_cast<tp::Function>(&one);
    const auto second = reinterpret_cast<tp::Function>(&other);
    auto& call = core_bench_patch.untyped().call;
    tp::bench::Cores cores;
    cores.start();
    for ([[maybe_unused]] auto _ : state)
      tp::static_call_update<NativeEnv>(call, call.target == first ? second : first);
    cores.stop();
    state.counters["cores"] = cores.busy();
    tp::static_call_update<NativeEnv>(call, first);
  }
  core_bench_patch.unregister_probe(&one, nullptr);
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK(patch<0>)->Name("patch/alone")->UseRealTime();
BENCHMARK(patch<2>)->Name("patch/two_readers")->UseRealTime();

}  // namespace
