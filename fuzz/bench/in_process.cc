// How fast the harness executes: one parsed sequence, over and over, in process.
#include <benchmark/benchmark.h>

#include <string>

#include "fuzz/bench/sequences.h"
#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"

namespace tpfuzz {
namespace {

void in_process(benchmark::State& state, const char* text) {
  const auto parsed = parse_text(text);
  const Sequence& sequence = std::get<Sequence>(parsed);
  const auto subject = core_subject(tp::shipped_protocol(tp::kDefaultProtocol));
  Executor executor(*subject);
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(executor.run(sequence).verdict);
  state.counters["executions"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(in_process, 1->2, bench::kOneTwo)->Name("in_process/1->2");
BENCHMARK_CAPTURE(in_process, 1->0->1, bench::kOneZeroOne)->Name("in_process/1->0->1");
BENCHMARK_CAPTURE(in_process, 1->2->1, bench::kOneTwoOne)->Name("in_process/1->2->1");

}  // namespace
}  // namespace tpfuzz
