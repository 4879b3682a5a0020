#include "repro/run.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "fuzz/subject/kernel/name.h"
#include "repro/io/file.h"
#include "repro/io/subjects.h"
#include "repro/session/runs.h"

namespace tpfuzz {
namespace {

// Calls `visit(transition, row)` for each transition that was made.
template <class Visit>
void for_each_cost(const Cost& cost, Visit visit) {
  for (int i = 0; i < tp::kTransitions; ++i) {
    const auto transition = static_cast<tp::Transition>(i);
    const TransitionCost& row = cost[static_cast<std::size_t>(i)];
    if (row.times != 0) visit(transition, row);
  }
}

void print_json(const std::string& file, const Runs& runs, const RunOptions& options, const std::string& protocol) {
  nlohmann::ordered_json line = {{"file", file}, {"protocol", protocol}};
  line["verdict"] = runs.verdict ? "violation" : "clean";
  if (runs.verdict) {
    line["invariant"] = name(runs.verdict->invariant);
    if (runs.verdict->transition) line["transition"] = name(*runs.verdict->transition);
    if (runs.verdict->point) line["point"] = name(*runs.verdict->point);
    if (!runs.explanation.empty()) line["explanation"] = runs.explanation;
  }
  if (options.cost)
    for_each_cost(runs.cost, [&line](tp::Transition transition, const TransitionCost& row) {
      line["cost"][std::string(name(transition))] = {{"times", row.times},
                                                     {"grace_periods", row.grace_periods},
                                                     {"cookies", row.cookies},
                                                     {"patches", row.patches}};
    });
  for (const ListedStep& step : runs.steps)
    line["steps"].push_back(
        {{"cpu", step.cpu}, {"operation", step.operation}, {"event", step.event}, {"words", step.words}});
  if (!runs.notes.empty()) line["notes"] = runs.notes;
  line["engine"] = options.engine;
  line["runs"] = options.repeat;
  line["violations"] = nlohmann::ordered_json::object();
  for (const auto& [token, count] : runs.tokens) line["violations"][token] = count;
  line["traces"] = nlohmann::ordered_json::array();
  for (const auto& [hash, count] : runs.traces)
    line["traces"].push_back({{"hash", fmt::format("{:016x}", hash)}, {"runs", count}});
  std::puts(line.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace).c_str());
}

void print_text(const std::string& file, const Runs& runs, const RunOptions& options, const std::string& protocol,
                bool several) {
  for (const ListedStep& step : runs.steps) std::puts(line_of(step).c_str());
  std::puts(
      fmt::format("{}{}{}", several ? file : "", several ? ": " : "", verdict_line(runs.verdict, protocol)).c_str());
  if (!runs.explanation.empty()) std::puts(fmt::format("tpfuzz: why: {}", runs.explanation).c_str());
  if (options.cost)
    for_each_cost(runs.cost, [](tp::Transition transition, const TransitionCost& row) {
      std::puts(fmt::format("tpfuzz: cost transition={} times={} grace_periods={} cookies={} patches={}",
                            name(transition), row.times, row.grace_periods, row.cookies, row.patches)
                    .c_str());
    });
  for (const std::string& note : runs.notes) std::puts(fmt::format("tpfuzz: {}: {}", options.engine, note).c_str());
  if (options.repeat == 1) return;
  int violations = 0;
  for (const auto& [token, count] : runs.tokens) {
    violations += count;
    if (runs.tokens.size() > 1) std::puts(fmt::format("tpfuzz: {} runs gave {}", count, token).c_str());
  }
  std::string line = fmt::format("tpfuzz: runs={} violations={} rate={:.1f}%", options.repeat, violations,
                                 100.0 * violations / options.repeat);
  if (!runs.traces.empty())
    line += fmt::format(" traces={} trace={:016x}", runs.traces.size(), runs.traces.begin()->first);
  std::puts(line.c_str());
}

}  // namespace

int run(const RunOptions& options) {
  if (options.engine == "stress" && (options.verbose || options.cost))
    throw InputError("--engine stress:0: expected neither --verbose nor --cost: its runs have no order of all steps");
  Subjects subjects(options.protocol);
  CurrentSubject subject;
  std::unique_ptr<Runner> runner;
  const std::vector<std::string> files = files_of(options.files);
  int exit_code = 0;
  for (const std::string& file : files) {
    const Input input = read_sequence(file, options.reading);
    const SubjectRecord record = subjects.of(file, input.subject);
    if (!subject.is(record)) {
      runner.reset();
      const OpenSubject& its = subject.become(record, file);
      if (options.engine == "stress" && kernel::parse_name(record.name))
        throw InputError(fmt::format("--engine stress:0: expected lockstep or threads under {}", record.name));
      runner = make_runner(*its.subject, &its.protocol, options.engine, options.seed);
    }
    const Runs runs = runner->run(input.sequence, options.repeat, options.verbose);
    if (runs.verdict) exit_code = 1;
    if (options.json)
      print_json(file, runs, options, subject.name());
    else
      print_text(file, runs, options, subject.name(), files.size() > 1);
  }
  subjects.tell_replaced();
  return exit_code;
}

}  // namespace tpfuzz
