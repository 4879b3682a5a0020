#include "repro/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "fuzz/base/version.h"
#include "fuzz/subject/kernel/name.h"
#include "repro/ci/junit.h"
#include "repro/ci/sarif.h"
#include "repro/io/console.h"
#include "repro/io/file.h"
#include "repro/io/output.h"
#include "repro/io/status_line.h"
#include "repro/io/subjects.h"
#include "repro/session/runs.h"
#include "repro/session/verdict_record.h"

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

std::string json_line(const VerdictRecord& record, const Runs& runs, const RunOptions& options) {
  nlohmann::ordered_json line = json_of(record);
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
  return line_of(line);
}

std::vector<std::string> text_lines(const VerdictRecord& record, const Runs& runs, const RunOptions& options,
                                    bool several) {
  std::vector<std::string> lines;
  for (const ListedStep& step : runs.steps) lines.push_back(line_of(step));
  lines.push_back(several ? fmt::format("{}: {}", record.file, record.line) : record.line);
  if (!runs.explanation.empty()) lines.push_back(fmt::format("tpfuzz: why: {}", runs.explanation));
  if (options.cost)
    for_each_cost(runs.cost, [&lines](tp::Transition transition, const TransitionCost& row) {
      lines.push_back(fmt::format("tpfuzz: cost transition={} times={} grace_periods={} cookies={} patches={}",
                                  name(transition), row.times, row.grace_periods, row.cookies, row.patches));
    });
  for (const std::string& note : runs.notes) lines.push_back(fmt::format("tpfuzz: {}: {}", options.engine, note));
  if (options.repeat == 1) return lines;
  int violations = 0;
  for (const auto& [token, count] : runs.tokens) {
    violations += count;
    if (runs.tokens.size() > 1) lines.push_back(fmt::format("tpfuzz: {} runs gave {}", count, token));
  }
  std::string line = fmt::format("tpfuzz: runs={} violations={} rate={:.1f}%", options.repeat, violations,
                                 100.0 * violations / options.repeat);
  if (!runs.traces.empty())
    line += fmt::format(" traces={} trace={:016x}", runs.traces.size(), runs.traces.begin()->first);
  lines.push_back(std::move(line));
  return lines;
}

// Where the results go, file by file.
class Results {
 public:
  Results(const RunOptions& options, std::size_t files, StatusLine& status)
      : options_(options),
        files_(files),
        status_(status),
        writes_text_(options.format == "text"),
        prints_text_(writes_text_ || !is_standard_output(options.out)) {}

  void add(const std::string& file, const std::string& subject, const Runs& runs) {
    const VerdictRecord record{
        .file = file, .line = verdict_line(runs.verdict, subject), .explanation = runs.explanation};
    violations_ += runs.verdict.has_value();
    if (prints_text_ && (is_wanted(file) || runs.verdict))
      for (const std::string& line : text_lines(record, runs, options_, files_ > 1)) print(line);
    if (options_.format == "json")
      write(json_line(record, runs, options_));
    else if (!writes_text_)
      records_.push_back(record);
  }

  void finish() {
    const bool has_directory = std::ranges::any_of(options_.files, is_directory);
    if (prints_text_ && has_directory)
      print(fmt::format("tpfuzz: files={} clean={} violations={}", files_, files_ - violations_, violations_));
    if (options_.format == "sarif") written_ += sarif_of(records_, version_number());
    if (options_.format == "junit") written_ += junit_of(records_);
    if (!written_.empty()) write_output(options_.out, written_);
  }

 private:
  // Of a directory a clean file is only counted.
  bool is_wanted(const std::string& file) const {
    return options_.all || options_.verbose || options_.cost || options_.repeat > 1 ||
           std::ranges::find(options_.files, file) != options_.files.end();
  }

  void print(const std::string& line) {
    if (writes_text_) return write(line);
    status_.clear();
    std::puts(console::shown(line).c_str());
  }

  // A file is written when it is whole; who reads standard output waits for each line.
  void write(const std::string& line) {
    if (!is_standard_output(options_.out)) {
      written_ += line + '\n';
      return;
    }
    status_.clear();
    std::puts(writes_text_ ? console::shown(line).c_str() : line.c_str());
  }

  const RunOptions& options_;
  std::size_t files_;
  StatusLine& status_;
  bool writes_text_;
  bool prints_text_;
  std::size_t violations_ = 0;
  std::string written_;
  std::vector<VerdictRecord> records_;
};

void check(const RunOptions& options) {
  if (options.engine == "stress" && (options.verbose || options.cost))
    throw InputError("--engine stress: expected neither --verbose nor --cost: its runs have no order of all steps");
  if (options.engine != "stress" && options.seed)
    throw InputError(fmt::format("--seed: expected --engine stress, whose delays it is of, found {}", options.engine));
  check_output(options.out);
}

}  // namespace

std::vector<std::string> run_formats() { return {"text", "json", "junit", "sarif"}; }

int run(const RunOptions& options) {
  check(options);
  Subjects subjects(options.protocol);
  CurrentSubject subject;
  std::unique_ptr<Runner> runner;
  const std::vector<std::string> files = files_of(options.files);
  StatusLine status;
  Results results(options, files.size(), status);
  int exit_code = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string& file = files[i];
    const Input input = read_sequence(file, options.reading);
    const SubjectRecord record = subjects.of(file, input.subject);
    if (!subject.is(record)) {
      runner.reset();
      const OpenSubject& its = subject.become(record, file);
      if (options.engine == "stress" && kernel::parse_name(record.name))
        throw InputError(fmt::format("--engine stress: expected lockstep or threads under {}", record.name));
      runner = make_runner(*its.subject, &its.protocol, options.engine, options.seed.value_or(0));
    }
    const Runs runs = runner->run(input.sequence, options.repeat, options.verbose, [&](int done) {
      status.show(
          [&] { return fmt::format("run: file {} of {}, run {} of {}", i + 1, files.size(), done, options.repeat); });
    });
    if (runs.verdict) exit_code = 1;
    results.add(file, subject.name(), runs);
  }
  status.clear();
  results.finish();
  subjects.tell_replaced();
  return exit_code;
}

}  // namespace tpfuzz
