// harness_bench: how fast the harness executes, and how soon it finds.
#include <benchmark/benchmark.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "fuzz/bench/explorations.h"
#include "fuzz/bench/findings.h"
#include "fuzz/bench/targets.h"
#include "fuzz/execute.h"

namespace {

constexpr const char* kHelp =
    R"(usage: harness_bench [--seeds N] [--budget N] [--only P] [google-benchmark's flags]

Executions per second, in process and through libFuzzer in each build that there is; what explorations take (explore/...);
then the table of fuzz/subject/puzzle/PUZZLES.md, executions to the first finding, which takes about a quarter of an hour.

  --seeds N     searches a subject (default 21); 0, or with --benchmark_filter: no table
  --budget N    executions a search (default 20000)
  --only P      search this bad protocol or puzzle only, and measure no speed

Exit codes: 0, 2 usage or set-up.

)";

void print_help() {
  std::fputs(kHelp, stdout);
  benchmark::PrintDefaultHelp();
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv, &print_help);
  CLI::App app;
  app.name("harness_bench");
  tpfuzz::bench::FindingsOptions findings;
  app.add_option("--seeds", findings.seeds)->check(CLI::Range(0, 1000))->capture_default_str();
  app.add_option("--budget", findings.budget)->check(CLI::Range(1, 100'000'000))->capture_default_str();
  app.add_option("--only", findings.only);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    std::fprintf(stderr, "harness_bench: %s; see harness_bench --help\n", error.what());
    return 2;
  }
  if (const auto unusable = tpfuzz::prepare()) {
    std::fprintf(stderr, "%s\n", to_line(*unusable).c_str());
    return 2;
  }
  tpfuzz::bench::register_targets();
  tpfuzz::bench::register_explorations();
  if (findings.only.empty()) benchmark::RunSpecifiedBenchmarks();
  const bool wants_table = findings.seeds != 0 && (!findings.only.empty() || benchmark::GetBenchmarkFilter().empty());
  if (!wants_table || tpfuzz::bench::print_findings(findings)) return 0;
  std::fprintf(stderr, "harness_bench: expected a bad protocol or a puzzle after --only, found '%s'\n",
               findings.only.c_str());
  return 2;
}
