// core_bench: the benchmarks of core/, and the ratios that are required of it.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <iterator>
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
};

constexpr const char* kHits[] = {"nop",
                                 "key_off",
                                 "callback_list/off",
                                 "lttng_ust/off",
                                 "direct_call",
                                 "locked_direct_call",
                                 "plain_direct_call",
                                 "one_probe",
                                 "callback_list/one",
                                 "lttng_ust/one",
                                 "two_probes",
                                 "callback_list/two",
                                 "lttng_ust/two"};

constexpr const char* kHelp =
    R"(usage: core_bench [google-benchmark's flags]    what core/ costs: hits, registrations, patches, and its peers

Without flags: medians of 9 repetitions of 0.05 s in random order, about a minute. At the end, one line for each ratio
whose benchmarks ran; on stderr if stdout is JSON or CSV. fuzz/bench/measure.sh makes BENCHMARKS.md of it. The figures
are for people: whatever they are, the exit code is 0. It is 2 for a usage error, or where text can't be patched.

)";

void print_help() {
  std::fputs(kHelp, stdout);
  benchmark::PrintDefaultHelp();
}

void print_hits(const Report& report, std::FILE* out) {
  std::string line;
  for (const std::string name : kHits) {
    const auto seconds = report.median("hit/" + name, "per_hit");
    char number[32];
    if (!seconds) continue;
    std::snprintf(number, sizeof number, "%.2f", *seconds * 1e9);
    line += (line.empty() ? " " : ", ") + name + " " + number;
  }
  if (!line.empty()) std::fprintf(out, "core_bench: ns per hit:%s\n", line.c_str());
}

// One line: `what`, and the ratio of two benchmarks' medians of `value`; nothing unless both ran.
void print_ratio(const Report& report, std::FILE* out, const std::string& what, const std::string& above,
                 const std::string& below, const char* value, const char* required) {
  const auto numerator = report.median(above, value);
  const auto denominator = report.median(below, value);
  if (numerator && denominator)
    std::fprintf(out, "core_bench: %s %.2f (%s)\n", what.c_str(), *numerator / *denominator, required);
}

void print_ratios(const Report& report, std::FILE* out) {
  print_hits(report, out);
  print_ratio(report, out, "key-off/nop", "hit/key_off", "hit/nop", "per_hit", "required: about 1");
  print_ratio(report, out, "one-probe/direct-call", "hit/one_probe", "hit/locked_direct_call", "per_hit",
              "required at most 1.15");
  print_ratio(report, out, "section of any thread/section of a registered one", "hit/locked_direct_call",
              "hit/plain_direct_call", "per_hit", "the test in each section");
  print_ratio(report, out, "thread with one hit/idle thread", "thread/one_hit", "thread/idle", tp::bench::kTime,
              "its registration");
  print_ratio(report, out, "one-probe/direct-call, 32 in line", "hit/one_probe/in_line",
              "hit/locked_direct_call/in_line", "per_hit", "for comparison: see bench/hits.h");
  for (const std::string load : {"alone", "two_readers"}) {
    const auto patches = report.median("patch/" + load, "items_per_second");
    const auto cores = report.median("patch/" + load, "cores");
    if (patches && cores)
      std::fprintf(out, "core_bench: patches/s, %s, %.0f (%.1f cores ours)\n", load.c_str(), *patches, *cores);
  }
  for (const std::string load : {"sleeping", "spinning"}) {
    const std::string cookies = "disable/cookies/each/" + load;
    print_ratio(report, out, "disable-1000, " + load + " readers, 231264d/cookies", "disable/231264d/each/" + load,
                cookies, tp::bench::kTime, "required at least 10");
    const auto waited = report.largest(cookies, "grace_periods");
    const auto cores = report.median(cookies, "cores");
    if (waited && cores)
      std::fprintf(out,
                   "core_bench: disable-1000, %s readers, cookies: grace periods %.0f (required 0), %.1f cores ours\n",
                   load.c_str(), *waited, *cores);
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
  benchmark::Initialize(&count, flags.data(), &print_help);
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
