// core_bench: the benchmarks of core/, and the ratios that are required of it.
//
// Every flag of google-benchmark works. Without any: medians of 9 repetitions of 0.05 s in random order, about a
// minute. At the end, one line for each ratio whose benchmarks ran; on stderr if stdout is JSON or CSV. The figures are
// for people: whatever they are, the exit code is 0. It is 2 for a usage error, or where text can't be patched.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "core/bench/report.h"
#include "core/tracepoint.h"

namespace {

using tp::bench::Report;

// What the user gives comes later and overrides.
constexpr const char* kDefaultFlags[] = {
    "--benchmark_repetitions=9",
    "--benchmark_min_time=0.05",
    "--benchmark_report_aggregates_only=true",
    "--benchmark_enable_random_interleaving=true",
    "--benchmark_counters_tabular=false",
};

void print_hits(const Report& report, std::FILE* out) {
  std::string line;
  for (const char* name :
       {"nop", "key_off", "direct_call", "locked_direct_call", "one_probe", "locked_indirect", "two_probes"}) {
    const auto seconds = report.counter("hit/" + std::string(name), "per_hit");
    char text[64];
    if (seconds) std::snprintf(text, sizeof text, "%s %s %.2f", line.empty() ? "" : ",", name, *seconds * 1e9);
    if (seconds) line += text;
  }
  if (!line.empty()) std::fprintf(out, "core_bench: ns per hit:%s\n", line.c_str());
}

// `what` and the ratio of two benchmarks' medians of `counter`, if both ran.
void print_ratio(const Report& report, std::FILE* out, const char* what, const std::string& above,
                 const std::string& below, const char* counter, const char* required) {
  const auto numerator = report.counter(above, counter);
  const auto denominator = report.counter(below, counter);
  if (numerator && denominator)
    std::fprintf(out, "core_bench: %s %.2f (%s)\n", what, *numerator / *denominator, required);
}

void print_ratios(const Report& report, std::FILE* out) {
  print_hits(report, out);
  print_ratio(report, out, "key-off/nop", "hit/key_off", "hit/nop", "per_hit", "required: about 1");
  print_ratio(report, out, "one-probe/direct-call", "hit/one_probe", "hit/locked_direct_call", "per_hit",
              "required at most 1.15");
  for (const std::string load : {"sleeping", "spinning"}) {
    const std::string what = "disable-1000, " + load + " readers, 231264d/cookies";
    print_ratio(report, out, what.c_str(), "disable/231264d/each/" + load, "disable/cookies/each/" + load, "time",
                "required at least 10");
    if (const auto waited = report.largest("disable/cookies/each/" + load, "grace_periods"))
      std::fprintf(out,
                   "core_bench: disable-1000, %s readers, grace periods waited for under cookies %.0f (required 0)\n",
                   load.c_str(), *waited);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> owned(std::begin(kDefaultFlags), std::end(kDefaultFlags));
  std::vector<char*> flags{argv[0]};
  for (std::string& flag : owned) flags.push_back(flag.data());
  flags.insert(flags.end(), argv + 1, argv + argc);
  int count = static_cast<int>(flags.size());
  flags.push_back(nullptr);
  benchmark::Initialize(&count, flags.data());
  if (benchmark::ReportUnrecognizedArguments(count, flags.data())) return 2;
  if (const auto error = tp::prepare()) {
    std::fprintf(stderr, "core_bench: %s\n", error->c_str());
    return 2;
  }
  Report report;
  benchmark::RunSpecifiedBenchmarks(&report);
  print_ratios(report, report.for_people() ? stdout : stderr);
  benchmark::Shutdown();
  return 0;
}
