#include "repro/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "fuzz/execute.h"
#include "fuzz/oracle/cost.h"
#include "repro/file.h"
#include "repro/step_list.h"

namespace tpfuzz {
namespace {

// What the runs of one file gave. Every run of a sequence should give the same trace: `traces` tells.
struct Result {
  Verdict verdict;  // of the first run, as the cost is
  Cost cost;
  std::map<std::uint64_t, int> traces;
  std::vector<ListedStep> steps;  // of each distinct trace, if they are wanted
};

Result execute(Executor& executor, const Subject& subject, const Sequence& sequence, const RunOptions& options) {
  Result result;
  for (int i = 0; i < options.repeat; ++i) {
    const Execution execution = executor.run(sequence);
    if (i == 0) {
      result.verdict = execution.verdict;
      result.cost = cost_of(sequence, execution.trace, subject.enomem_fails());
    }
    const int times = ++result.traces[execution.trace.hash()];
    if (options.verbose && times == 1)
      std::ranges::move(listed(sequence, execution, subject.enomem_fails()), std::back_inserter(result.steps));
  }
  return result;
}

// Calls `visit(transition, row)` for each transition that was made.
template <class Visit>
void for_each_cost(const Cost& cost, Visit visit) {
  for (int i = 0; i < tp::kTransitions; ++i) {
    const auto transition = static_cast<tp::Transition>(i);
    const TransitionCost& row = cost[static_cast<std::size_t>(i)];
    if (row.times != 0) visit(transition, row);
  }
}

void print_json(const std::string& file, const Result& result, const RunOptions& options, const std::string& protocol) {
  nlohmann::ordered_json line = {{"file", file}, {"protocol", protocol}};
  line["verdict"] = result.verdict ? "violation" : "clean";
  if (result.verdict) {
    line["invariant"] = name(result.verdict->invariant);
    if (result.verdict->transition) line["transition"] = name(*result.verdict->transition);
    if (result.verdict->point) line["point"] = name(*result.verdict->point);
  }
  if (options.cost)
    for_each_cost(result.cost, [&line](tp::Transition transition, const TransitionCost& row) {
      line["cost"][std::string(name(transition))] = {{"times", row.times},
                                                     {"grace_periods", row.grace_periods},
                                                     {"cookies", row.cookies},
                                                     {"patches", row.patches}};
    });
  for (const ListedStep& step : result.steps)
    line["steps"].push_back(
        {{"cpu", step.cpu}, {"operation", step.operation}, {"event", step.event}, {"words", step.words}});
  line["runs"] = options.repeat;
  line["traces"] = nlohmann::ordered_json::array();
  for (const auto& [hash, count] : result.traces)
    line["traces"].push_back({{"hash", fmt::format("{:016x}", hash)}, {"runs", count}});
  std::puts(line.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

void print_text(const std::string& file, const Result& result, const RunOptions& options, const std::string& protocol,
                bool several) {
  for (const ListedStep& step : result.steps) std::puts(line_of(step).c_str());
  std::puts(
      fmt::format("{}{}{}", several ? file : "", several ? ": " : "", verdict_line(result.verdict, protocol)).c_str());
  if (options.cost)
    for_each_cost(result.cost, [](tp::Transition transition, const TransitionCost& row) {
      std::puts(fmt::format("tpfuzz: cost transition={} times={} grace_periods={} cookies={} patches={}",
                            name(transition), row.times, row.grace_periods, row.cookies, row.patches)
                    .c_str());
    });
  if (options.repeat == 1) return;
  std::puts(fmt::format("tpfuzz: runs={} traces={} trace={:016x}", options.repeat, result.traces.size(),
                        result.traces.begin()->first)
                .c_str());
}

}  // namespace

int run(const RunOptions& options) {
  if (const auto error = prepare()) throw InputError(*error);
  const auto loaded = load_subject(options.protocol);
  if (const auto* error = std::get_if<std::string>(&loaded)) throw InputError(*error);
  Subject& subject = *std::get<std::unique_ptr<Subject>>(loaded);
  Executor executor(subject);
  const std::vector<std::string> files = files_of(options.files);
  int exit_code = 0;
  for (const std::string& file : files) {
    const Result result = execute(executor, subject, read_sequence(file), options);
    if (result.verdict) exit_code = 1;
    if (options.json)
      print_json(file, result, options, subject.name());
    else
      print_text(file, result, options, subject.name(), files.size() > 1);
  }
  return exit_code;
}

}  // namespace tpfuzz
