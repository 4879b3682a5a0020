#include "fuzz/bench/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "fuzz/execute.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/subject/puzzle.h"
#include "fuzz/target/process.h"

namespace tpfuzz::bench {
namespace {

// Executions to the first finding; nothing within the budget.
using Search = std::function<std::optional<long>(const std::string& subject, int seed, int budget)>;

template <class Generate>
std::optional<long> search_by_generating(const std::string& subject, int seed, int budget, Generate generate) {
  const auto loaded = load_subject(subject);
  Executor executor(*std::get<std::unique_ptr<Subject>>(loaded));
  Random random(static_cast<std::uint64_t>(seed));
  for (int i = 1; i <= budget; ++i)
    if (executor.run(generate(random)).verdict) return i;
  return std::nullopt;
}

std::optional<long> search_by_fuzzing(const std::string& subject, int seed, int budget, const std::string& options) {
  const Puzzle* const puzzle = puzzle_named(subject);
  const bool needs_tsan = puzzle != nullptr && puzzle->found_by.empty();
  const auto fuzzer = target(needs_tsan ? "tsan" : "release", "registration_fuzzer");
  if (!fuzzer) return std::nullopt;
  const Ran ran =
      run(*fuzzer,
          fmt::format(
              "--protocol {} -seed={} -runs={} -print_final_stats=1 -max_len=1024 -exact_artifact_path=/dev/null {}",
              subject, seed, budget, options));
  if (ran.exit_code == 0) return std::nullopt;
  return number_behind(ran.output, "stat::number_of_executed_units:");
}

Search fuzzing(const char* options) {
  return [options](const std::string& subject, int seed, int budget) {
    return search_by_fuzzing(subject, seed, budget, options);
  };
}

struct Column {
  const char* title;
  bool in_process;
  Search search;
};

const std::vector<Column>& columns() {
  static const std::vector<Column> all = {
      {"generator, 5 operations", true,
       [](const std::string& subject, int seed, int budget) {
         return search_by_generating(subject, seed, budget,
                                     [](Random& random) { return generate(free_shape(5, 3, 3, 2), random); });
       }},
      {"generator", true,
       [](const std::string& subject, int seed, int budget) {
         return search_by_generating(subject, seed, budget, [](Random& random) { return generate(random); });
       }},
      {"and coverage", false, fuzzing("--feedback coverage")},
      {"and interleavings", false, fuzzing("")},
      {"bytes alone", false, fuzzing("--mutator bytes --feedback coverage")},
  };
  return all;
}

// "median (lower quartile..upper quartile)"; what was not found is more than the budget.
std::string quartiles(std::vector<std::optional<long>> found, int budget) {
  std::ranges::sort(found, {}, [budget](const auto& executions) { return executions.value_or(budget + 1L); });
  const auto at = [&](std::size_t quarter) {
    const auto& executions = found[(found.size() - 1) * quarter / 4];
    return executions ? std::to_string(*executions) : fmt::format(">{}", budget);
  };
  return found.back() || found.front() ? fmt::format("{} ({}..{})", at(2), at(1), at(3)) : fmt::format(">{}", budget);
}

constexpr const char* kBadProtocols[] = {"d25e37d", "547305a-v1", "547305a", "c8b186a",
                                         "befe6d9", "352384d",    "f7ec412", "worker-sketch"};

bool is_harmless(const Puzzle& puzzle) { return puzzle.found_by.empty() && puzzle.found_by_tsan.empty(); }

std::string describe(const std::string& subject) {
  const Puzzle* const puzzle = puzzle_named(subject);
  if (puzzle == nullptr) return fmt::format("| `{}` | a shipped protocol | pairing snapshot fault | |", subject);
  return fmt::format("| `{}` | {} | {} | {} |", puzzle->name, about(*puzzle), finders(*puzzle),
                     sanitizer_finders(*puzzle));
}

std::vector<std::string> subjects() {
  std::vector<std::string> names(std::begin(kBadProtocols), std::end(kBadProtocols));
  for (const Puzzle& puzzle : puzzles()) names.emplace_back(puzzle.name);
  return names;
}

void print_row(const std::string& subject, const FindingsOptions& options) {
  std::string row = describe(subject);
  const Puzzle* const puzzle = puzzle_named(subject);
  if (puzzle != nullptr && is_harmless(*puzzle)) {
    std::puts((row + " | | | | |").c_str());
    return;
  }
  for (const Column& column : columns()) {
    if (column.in_process && puzzle != nullptr && puzzle->found_by.empty()) {
      row += " - |";  // this build does not see it
      continue;
    }
    std::fprintf(stderr, "harness_bench: %s: %s\n", subject.c_str(), column.title);
    std::vector<std::optional<long>> found;
    for (int seed = 1; seed <= options.seeds; ++seed) found.push_back(column.search(subject, seed, options.budget));
    row += fmt::format(" {} |", quartiles(found, options.budget));
  }
  std::puts(row.c_str());
  std::fflush(stdout);
}

}  // namespace

bool print_findings(const FindingsOptions& options) {
  const std::vector<std::string> all = subjects();
  if (!options.only.empty() && std::ranges::find(all, options.only) == all.end()) return false;
  std::printf(
      "\nExecutions to the first finding, from nothing: median (quartiles) of %d seeds\n\n"
      "| subject | mistake | found by | other with a sanitizer |",
      options.seeds);
  for (const Column& column : columns()) std::printf(" %s |", column.title);
  std::puts("\n|---|---|---|---|---|---|---|---|---|");
  for (const std::string& subject : all)
    if (options.only.empty() || subject == options.only) print_row(subject, options);
  return true;
}

}  // namespace tpfuzz::bench
