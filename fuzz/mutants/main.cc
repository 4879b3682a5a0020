// mutants: how many mistakes in the core the harness and the core's tests find.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>
#include <fstream>
#include <limits>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "fuzz/mutants/catalogue.h"
#include "fuzz/mutants/find.h"
#include "fuzz/mutants/result.h"
#include "fuzz/mutants/trial.h"

namespace {

using namespace tpfuzz::mutants;  // NOLINT: a program

struct Options {
  std::vector<std::string> names;
  int jobs = 1;
  int every = 1;
  Budget budget;
  bool quick = false;
  bool json = false;
  bool list = false;
  std::vector<std::string> pages;  // files of results
  std::vector<std::string> found;  // likewise
  std::string engine;              // this process is a finder,
  std::uint64_t seed = 1;          // with this seed
};

int usage(const std::string& message) {
  std::fputs(("mutants: " + message + "\n").c_str(), stderr);
  return 2;
}

// Where the programs of the core's tests are: beside this one.
std::filesystem::path tests() { return std::filesystem::read_symlink("/proc/self/exe").parent_path(); }

// The results in `files`. Throws what is wrong with one.
std::vector<Result> results_in(const std::vector<std::string>& files) {
  std::vector<Result> results;
  for (const std::string& name : files) {
    std::ifstream file(name);
    if (!file) throw std::runtime_error(name + ": expected a file that can be read");
    const auto read = read_results(file);
    if (const auto* wrong = std::get_if<std::string>(&read)) throw std::runtime_error(name + ":" + *wrong);
    const auto& its = std::get<std::vector<Result>>(read);
    results.insert(results.end(), its.begin(), its.end());
  }
  return results;
}

// The numbers of the mutants that are asked for.
std::vector<int> chosen(const Options& options) {
  std::set<std::string> found;
  for (const Result& result : results_in(options.found))
    if (!result.finding.finder.empty()) found.insert(result.mutant);
  std::vector<int> numbers;
  const auto all = rows();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool named = options.names.empty() || std::ranges::find(options.names, all[i].name) != options.names.end();
    const bool other_build = !all[i].only.empty() && all[i].only != this_sanitizer();
    if (named && !other_build && !found.contains(std::string(all[i].name))) numbers.push_back(static_cast<int>(i) + 1);
  }
  if (options.every == 1) return numbers;
  std::vector<int> sample;
  for (std::size_t i = 0; i < numbers.size(); i += static_cast<std::size_t>(options.every))
    sample.push_back(numbers[i]);
  return sample;
}

// Tries `numbers`, several at a time. The results are in their order.
std::vector<Result> try_all(const std::vector<int>& numbers, const Options& options) {
  std::vector<Result> results(numbers.size());
  std::atomic<std::size_t> next{0};
  std::mutex printing;
  std::exception_ptr refused;
  const auto work = [&] {
    for (std::size_t i = next++; i < numbers.size(); i = next++) try {
        const std::string name(rows()[static_cast<std::size_t>(numbers[i] - 1)].name);
        results[i] = {name, this_build(), try_mutant(numbers[i], options.budget, tests())};
        const std::string found = cell(results[i].finding);
        const std::scoped_lock lock(printing);
        if (options.json) {
          std::puts(to_json(results[i]).c_str());
          std::fflush(stdout);  // what has been tried is not lost if this is ended
        }
        std::fputs(fmt::format("mutants: {}/{} {}: {} ({:.0f} s)\n", i + 1, numbers.size(), name,
                               found.empty() ? "not found" : found, results[i].finding.seconds)
                       .c_str(),
                   stderr);
      } catch (...) {
        const std::scoped_lock lock(printing);
        refused = std::current_exception();
        next = numbers.size();
      }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < options.jobs; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  if (refused) std::rethrow_exception(refused);
  return results;
}

int print(const std::vector<Result>& results, bool json) {
  if (!json) std::fputs(table_of(results).c_str(), stdout);
  const Sum sum = sum_of(results);
  std::fputs(((json ? "mutants: " : "\n") + to_text(sum) + "\n").c_str(), json ? stderr : stdout);
  return sum.missed.empty() && sum.wrong.empty() ? 0 : 1;
}

int list() {
  for (const Row& row : rows()) std::puts(fmt::format("{}: {}: {}", row.name, row.source, row.what).c_str());
  return 0;
}

int try_chosen(const Options& options) {
  for (const std::string& name : options.names)
    if (std::ranges::find(rows(), name, &Row::name) == rows().end())
      return usage(fmt::format("expected a mutant's name (--list), found {}", name));
  const std::vector<int> numbers = chosen(options);
  const Finding control = numbers.empty() ? Finding{} : try_mutant(0, options.budget, tests());
  if (!control.finder.empty()) {
    std::puts(fmt::format("found without a mutant: {}", cell(control)).c_str());
    return 1;
  }
  std::fputs(fmt::format("mutants: without a mutant nothing is found ({:.0f} s)\n", control.seconds).c_str(), stderr);
  return print(try_all(numbers, options), options.json);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Switches on mistakes in the core, one at a time, and tells what finds each");
  Options options;
  app.add_option("NAME", options.names, "Mutants; all without it");
  app.add_option("--jobs", options.jobs, "Mutants at a time")->check(CLI::Range(1, 64))->default_val(1);
  app.add_option("--every", options.every, "A sample: one mutant of every N")
      ->check(CLI::Range(1, 1000))
      ->default_val(1);
  app.add_option("--executions", options.budget.executions,
                 "Of a search in lockstep; of the searches on threads a twentieth")
      ->check(CLI::Range(1, std::numeric_limits<int>::max()))
      ->default_val(100'000);
  app.add_option("--seeds", options.budget.seeds, "Searches of a mutant that is found: the median counts")
      ->check(CLI::Range(1, 1000))
      ->default_val(1);
  app.add_option("--timeout", options.budget.timeout,
                 "Seconds in which a finder begins nothing new: it is stuck, so has found the mutant")
      ->check(CLI::Range(1, 100'000))
      ->default_val(40);
  app.add_option("--except", options.found, "Leave out what has been found, as --json printed it in other builds");
  app.add_flag("--quick", options.quick, "Leave out the core's tests that take seconds");
  app.add_flag("--json", options.json, "One JSON object a mutant");
  app.add_flag("--list", options.list, "Print the mutants, and try none");
  app.add_option("--page", options.pages, "Print one table of what --json printed in several builds, and try none");
  app.add_option("--find", options.engine)->group("");
  app.add_option("--seed", options.seed)->group("");
  app.footer(
      R"(A mutant is found by the first of: a search in lockstep, from nothing; the core's own tests; a search with the engine
threads; one with stress; those of the core's tests that take seconds. A cell of the table says by which, what was seen (an invariant, a sanitizer's report, a test, a
signal), and after how many executions or tests. First the core is tried as it is: nothing may be found.

Examples:
  mutants --jobs 2
  mutants text-no-second-barrier
  build/release/bin/mutants --json >release.json
  build/tsan/bin/mutants --json --except release.json >tsan.json
  mutants --page release.json tsan.json

Exit codes: 0 each mutant is found or has a reason, 1 one is missed or found though said to be harmless, 2 usage.)");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  options.budget.slow = !options.quick;
  if (!options.engine.empty()) return find(options.engine, options.seed, options.budget.executions);
  if (options.list) return list();
  try {
    if (!options.pages.empty()) return print(results_in(options.pages), false);
    return try_chosen(options);
  } catch (const std::exception& refused) {
    return usage(refused.what());
  }
}
