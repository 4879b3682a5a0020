// What it costs that threads register themselves, beside what a thread costs anyway:
//
//   thread/idle        a thread starts, does nothing, and ends
//   thread/one_hit     the same with one hit, which makes the thread a reader until the thread ends
//
// Real time, as a thread is work that others do. What later hits pay is in tracepoint_bench.cc.
#include <benchmark/benchmark.h>

#include <thread>

#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(core_bench_thread, void());
TPFUZZ_TRACEPOINT_DEFINE(core_bench_thread);

namespace tpfuzz::internal::bench {
namespace {

void idle(benchmark::State& state) {
  for ([[maybe_unused]] auto _ : state) std::thread([] {}).join();
}

void one_hit(benchmark::State& state) {
  core_bench_thread.register_probe([](void*) {}, nullptr);
  for ([[maybe_unused]] auto _ : state) std::thread([] { core_bench_thread.hit(); }).join();
  core_bench_thread.unregister_probe(nullptr, nullptr);
}

BENCHMARK(idle)->Name("thread/idle")->UseRealTime();
BENCHMARK(one_hit)->Name("thread/one_hit")->UseRealTime();

}  // namespace
}  // namespace tpfuzz::internal::bench
