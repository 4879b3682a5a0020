// harness_bench: how fast the harness executes, and how soon it finds.
#include <benchmark/benchmark.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "fuzz/bench/findings.h"
#include "fuzz/bench/targets.h"
#include "fuzz/execute.h"

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  CLI::App app("Executions per second and executions to the first finding. Takes google-benchmark's flags, too.");
  app.name("harness_bench");
  tpfuzz::bench::FindingsOptions findings;
  app.add_option("--seeds", findings.seeds, "Searches a subject")->check(CLI::Range(1, 1000))->capture_default_str();
  app.add_option("--budget", findings.budget, "Executions a search")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
  app.add_option("--only", findings.only, "Search this protocol or puzzle only");
  CLI11_PARSE(app, argc, argv);
  if (const auto unusable = tpfuzz::prepare()) {
    std::fprintf(stderr, "%s\n", unusable->c_str());
    return 2;
  }
  tpfuzz::bench::register_targets();
  if (findings.only.empty()) benchmark::RunSpecifiedBenchmarks();
  if (tpfuzz::bench::print_findings(findings)) return 0;
  std::fprintf(stderr, "harness_bench: expected a bad protocol or a puzzle after --only, found '%s'\n",
               findings.only.c_str());
  return 2;
}
