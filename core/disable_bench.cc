// Disabling 1,000 tracepoints with one probe each, as `echo 0 > events/enable` does: the figure of the commit message
// of 7b40066c97ec, where 231264d6927f had taken it from 0.78 s to 10.6 s.
//
//   disable/PROTOCOL/HOW/READERS
//     PROTOCOL   cookies, or 231264d, which waits for a grace period at every 1->0
//     HOW        each: one unregistration after the other, as upstream; batch: all in one `unregister_probes`
//     READERS    alone; sleeping: two threads, always in a section of 1 ms, in which they sleep; spinning: in which
//                they compute, so that both cores are busy and every patch barrier interrupts them
//
// Every tracepoint has a call site, so that its key and its call are really patched. Only the removals are timed, by
// the clock on the wall. `grace_periods` counts those that the removals waited for; `cores` is how
// many were ours (readers.h).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/bench/readers.h"
#include "core/bench/report.h"
#include "core/tracepoint.h"

// clang-format off
#define CORE_BENCH_10(M, n) M(n##0) M(n##1) M(n##2) M(n##3) M(n##4) M(n##5) M(n##6) M(n##7) M(n##8) M(n##9)
#define CORE_BENCH_100(M, n) \
  CORE_BENCH_10(M, n##0) CORE_BENCH_10(M, n##1) CORE_BENCH_10(M, n##2) CORE_BENCH_10(M, n##3) CORE_BENCH_10(M, n##4) \
  CORE_BENCH_10(M, n##5) CORE_BENCH_10(M, n##6) CORE_BENCH_10(M, n##7) CORE_BENCH_10(M, n##8) CORE_BENCH_10(M, n##9)
#define CORE_BENCH_1000(M, n) \
  CORE_BENCH_100(M, n##0) CORE_BENCH_100(M, n##1) CORE_BENCH_100(M, n##2) CORE_BENCH_100(M, n##3) \
  CORE_BENCH_100(M, n##4) CORE_BENCH_100(M, n##5) CORE_BENCH_100(M, n##6) CORE_BENCH_100(M, n##7) \
  CORE_BENCH_100(M, n##8) CORE_BENCH_100(M, n##9)
// clang-format on

#define CORE_BENCH_EVENT(name)                \
  TPFUZZ_TRACEPOINT_DECLARE(name, void(int)); \
  TPFUZZ_TRACEPOINT_DEFINE(name);
CORE_BENCH_1000(CORE_BENCH_EVENT, core_bench_event_)

namespace {

using Removal = tp::Removal<tp::NativeEnv>;
using Clock = std::chrono::steady_clock;

constexpr auto kSection = std::chrono::milliseconds(1);

[[gnu::noinline, gnu::used]] void sites(int argument) {
#define CORE_BENCH_HIT(name) name.hit(argument);
  CORE_BENCH_1000(CORE_BENCH_HIT, core_bench_event_)
}

void probe(void* /*data*/, int /*argument*/) {}
char data;

const std::vector<Removal>& removals() {
  static const std::vector<Removal> all = {
#define CORE_BENCH_REMOVAL(name) name.removal(&probe, &data),
      CORE_BENCH_1000(CORE_BENCH_REMOVAL, core_bench_event_)};
  return all;
}

enum class Load : std::uint8_t { alone, sleeping, spinning };

// One section of 1 ms.
void read(Load load) {
  tp::rcu::read_lock();
  if (load == Load::sleeping) {
    std::this_thread::sleep_for(kSection);
  } else {
    const auto end = Clock::now() + kSection;
    while (Clock::now() < end) {
    }
  }
  tp::rcu::read_unlock();
}

void disable(benchmark::State& state, std::string_view protocol, bool batch, Load load) {
  auto& registry = tp::tracepoints();
  registry.set_protocol(tp::shipped_protocol(protocol));
  unsigned long waited = 0;
  tp::bench::Cores cores;
  {
    const tp::bench::Readers readers(load == Load::alone ? 0 : 2, [load] { read(load); });
    for ([[maybe_unused]] auto _ : state) {
      for (const Removal& removal : removals()) registry.insert(*removal.tracepoint, removal.probe);
      tp::rcu::drain();  // what the pass before had left to free
      const unsigned long before = tp::rcu::waited();
      cores.start();
      const auto start = Clock::now();
      if (batch) {
        tp::unregister_probes(removals());
      } else {
        for (const Removal& removal : removals()) registry.remove(*removal.tracepoint, {&removal.probe, 1});
      }
      state.SetIterationTime(std::chrono::duration<double>(Clock::now() - start).count());
      cores.stop();
      waited += tp::rcu::waited() - before;
    }
  }
  state.counters["cores"] = cores.busy();
  state.counters["grace_periods"] = benchmark::Counter(static_cast<double>(waited), benchmark::Counter::kAvgIterations);
  tp::rcu::drain();
  registry.set_protocol(tp::shipped_protocol(tp::kDefaultProtocol));
}

void add(const char* protocol, bool batch, Load load) {
  static constexpr const char* kLoads[] = {"alone", "sleeping", "spinning"};
  const std::string name =
      "disable/" + std::string(protocol) + (batch ? "/batch/" : "/each/") + kLoads[static_cast<int>(load)];
  const bool waits_often = std::string_view(protocol) == "231264d" && !batch && load != Load::alone;
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) { disable(state, protocol, batch, load); })
      ->Unit(benchmark::kMillisecond)
      ->Iterations(1)
      ->Repetitions(waits_often ? 3 : 9)
      ->UseManualTime()
      ->ComputeStatistics(tp::bench::kLargest,
                          [](const std::vector<double>& values) { return *std::ranges::max_element(values); });
}

[[maybe_unused]] const bool kRegistered = [] {
  for (const Load load : {Load::alone, Load::sleeping, Load::spinning})
    for (const char* protocol : {"cookies", "cookies-own", "231264d"})
      for (const bool batch : {false, true}) add(protocol, batch, load);
  return true;
}();

}  // namespace
