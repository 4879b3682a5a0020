// A peer: the tracepoints of LTTng-UST, with nothing else of it: its call sites, its registration, its own flavour of
// liburcu. Built where liblttng-ust-dev is installed.
//
//   hit/lttng_ust/PROBES           off, one, two: the line of tracepoint_bench.cc
//   register/lttng_ust/TRANSITION  as in registration_bench.cc; LTTng waits for a grace period
//                                  whenever it replaces an array: once in 0->1->0, twice in 1->2->1
#include "core/bench/hits.h"

// The call sites are LTTng's, whose macros define functions that nobody has to use; no provider is linked.
#define LTTNG_UST_TRACEPOINT_DEFINE
#define LTTNG_UST_TRACEPOINT_PROBE_DYNAMIC_LINKAGE
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-function"
#include <lttng/tracepoint.h>
LTTNG_UST_TRACEPOINT_EVENT(core_bench, hit, LTTNG_UST_TP_ARGS(int, pid, const char*, comm), LTTNG_UST_TP_FIELDS())
#pragma clang diagnostic pop

namespace tpfuzz::internal::bench {
namespace {

struct Hit {
  [[gnu::always_inline]] static void pass(const Arguments& arguments) {
    lttng_ust_tracepoint(core_bench, hit, arguments.pid, arguments.comm);
  }
};

// LTTng keeps every function as a `void()`, and calls it as what it is.
const auto kFunction = reinterpret_cast<void (*)()>(&probe);

void add(void* data) {
  lttng_ust_tracepoint_provider_register("core_bench", "hit", kFunction, data,
                                         lttng_ust_tracepoint_core_bench___hit.signature);
}

void remove(void* data) { lttng_ust_tracepoint_provider_unregister("core_bench", "hit", kFunction, data); }

template <int probes, class Line>
void measure_hit(benchmark::State& state) {
  if (probes >= 1) add(&first_data);
  if (probes >= 2) add(&second_data);
  measure<Line>(state);
  if (probes >= 1) remove(&first_data);
  if (probes >= 2) remove(&second_data);
}

template <bool alone>
void add_and_remove(benchmark::State& state) {
  if (!alone) add(&first_data);
  for ([[maybe_unused]] auto _ : state) {
    add(&second_data);
    remove(&second_data);
  }
  if (!alone) remove(&first_data);
}

BENCHMARK(measure_hit<0, Hit>)->Name("hit/lttng_ust/off");
BENCHMARK(measure_hit<1, InFunction<Hit>>)->Name("hit/lttng_ust/one");
BENCHMARK(measure_hit<2, InFunction<Hit>>)->Name("hit/lttng_ust/two");
BENCHMARK(add_and_remove<true>)->Name("register/lttng_ust/0->1->0")->UseRealTime();
BENCHMARK(add_and_remove<false>)->Name("register/lttng_ust/1->2->1")->UseRealTime();

}  // namespace
}  // namespace tpfuzz::internal::bench
