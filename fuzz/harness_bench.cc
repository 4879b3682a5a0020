// How fast the harness executes: one parsed sequence, over and over, in process.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>

#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"

namespace tpfuzz {
namespace {

void in_process(benchmark::State& state, const std::string& operations) {
  const auto parsed =
      parse_text("tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\n" + operations);
  const Sequence& sequence = std::get<Sequence>(parsed);
  const auto subject = core_subject(tp::shipped_protocol(tp::kDefaultProtocol));
  Executor executor(*subject);
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(executor.run(sequence).verdict);
  state.counters["executions"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(in_process, 1->2, "w0 register a\nr0 hit\nw0 register b\nr0 hit\n")->Name("in_process/1->2");
BENCHMARK_CAPTURE(in_process, 1->0->1, "w0 register a\nr0 hit\nw0 unregister a\nw0 register b\nr0 hit\n")
    ->Name("in_process/1->0->1");
BENCHMARK_CAPTURE(in_process, 1->2->1, "w0 register a\nw0 register b\nr0 hit\nw0 unregister a\nr0 hit\n")
    ->Name("in_process/1->2->1");

}  // namespace
}  // namespace tpfuzz

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  if (const auto unusable = tpfuzz::prepare()) {
    std::fprintf(stderr, "%s\n", unusable->c_str());
    return 2;
  }
  benchmark::RunSpecifiedBenchmarks();
}
