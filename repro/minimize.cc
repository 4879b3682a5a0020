#include "repro/minimize.h"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "fuzz/engine/watchdog.h"
#include "fuzz/execute.h"
#include "fuzz/explore/reduce.h"
#include "fuzz/explore/simplest.h"
#include "fuzz/explore/wanted.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/sanitizer.h"
#include "repro/diagram/explain/explain.h"
#include "repro/io/console.h"
#include "repro/io/file.h"
#include "repro/io/interrupt.h"
#include "repro/io/output.h"
#include "repro/io/status_line.h"
#include "repro/io/subjects.h"
#include "repro/session/fresh.h"
#include "repro/session/verdict_record.h"

namespace tpfuzz {
namespace {

using Clock = std::chrono::steady_clock;

std::size_t count_parks(const Sequence& sequence) {
  std::size_t parks = 0;
  for (const Operation& operation : sequence.operations) parks += operation.parks.size();
  return parks;
}

std::string how_far(const Trials& trials) {
  return fmt::format("minimize: operations={} parks={} executions={}", count_operations(trials.best()),
                     count_parks(trials.best()), trials.executions());
}

Trials::Progress watch(const MinimizeOptions& options, StatusLine& status) {
  const auto begin = Clock::now();
  return [&options, &status, begin](const Trials& trials) {
    status.show([&trials] { return how_far(trials); });
    const std::chrono::duration<double> elapsed = Clock::now() - begin;
    return !interrupted() && (options.seconds == 0 || elapsed.count() < options.seconds);
  };
}

// Refuses what does not give `here`, a violation in this process, in a fresh one: it depends on what was executed
// before.
void expect_fresh(const std::string& here, const std::string& text, const std::string& file, const std::string& name) {
  const std::string fresh = run_fresh(text, name);
  if (fresh == here && (is_violation(fresh) || is_report(fresh))) return;
  throw InputError(
      Error{0, fmt::format("expected '{}' in every process, found '{}' in a fresh one", here, fresh), file});
}

void print_summary(const Sequence& before, const Sequence& after, const Trials& trials) {
  console::remark(fmt::format("minimize: operations {} -> {}, parks {} -> {}, executions {}{}",
                              count_operations(before), count_operations(after), count_parks(before),
                              count_parks(after), trials.executions(),
                              trials.stopped() ? "; ended early: the best so far" : ""));
}

// Says if `after` is another violation than `before`.
void print_change(const Violation& before, const Violation& after) {
  if (before == after) return;
  console::remark(fmt::format("minimize: took another violation of {}: {} became {}", name(before.invariant),
                              token(before), token(after)));
}

// The file that is written; empty if there is none.
std::string file_of(const MinimizeOptions& options) {
  return is_standard_output(options.output) ? std::string() : options.output;
}

// Says what `text`, which was minimised, violates.
void tell(const MinimizeOptions& options, const VerdictRecord& record, const std::string& text) {
  const auto print = [&options](const std::string& line) { tell_of_output(options.output, line); };
  if (options.json) {
    nlohmann::ordered_json json = json_of(record);
    if (options.output.empty()) json["sequence"] = text;
    return print(line_of(json));
  }
  print(record.line);
  if (!record.explanation.empty()) print("tpfuzz: why: " + record.explanation);
  if (options.output.empty()) write_output(options.output, text);
}

// Writes `text`, unless it follows what is told of it.
void write_early(const MinimizeOptions& options, const std::string& text) {
  if (!options.output.empty()) write_output(options.output, text);
}

// What only the sanitizer of this build sees ends the process: so each trial is one of its own, and of those there are
// few.
int minimize_report(const MinimizeOptions& options, const Sequence& sequence, const SubjectRecord& record,
                    const std::string& report, const std::string& name) {
  note_interrupts();
  std::optional<StatusLine> status(std::in_place);
  Trials trials([&](const Sequence& its) { return run_fresh(to_text(its, record), name) == report; },
                watch(options, *status));
  if (!trials.reproduces(sequence))
    throw InputError(fmt::format("{}: expected '{}' each time, found it once", options.file, report));
  reduce(sequence, trials);
  status.reset();
  const std::string text = to_text(trials.best(), record);
  write_early(options, text);
  print_summary(sequence, trials.best(), trials);
  expect_fresh(report, text, options.output, name);
  tell(options, {.file = file_of(options), .line = report}, text);
  return 0;
}

}  // namespace

int minimize(const MinimizeOptions& options) {
  const auto [sequence, record] = open_sequence(options.file, options.protocol, options.reading);
  const OpenSubject its = open_subject(record, options.file);
  Subject& subject = *its.subject;
  check_output(options.output);
  if (kAddressSanitizer || kThreadSanitizer)
    if (const std::string line = run_fresh(to_text(sequence, record), subject.name()); is_report(line))
      return minimize_report(options, sequence, record, line, subject.name());
  Executor executor(subject);
  const Execution found = executor.run(sequence);
  if (!found.verdict)
    throw InputError(fmt::format("{}: expected a violation under {}, found a clean run", options.file, subject.name()));
  expect_fresh(verdict_line(found.verdict, subject.name()), to_text(sequence, record), options.file, subject.name());

  watchdog::set_patience(watchdog::kLittlePatience);
  note_interrupts();
  std::optional<StatusLine> status(std::in_place);
  Trials trials(executor, same_as(sequence, found, subject.rules(), options.any ? Keep::invariant : Keep::token),
                watch(options, *status));
  const Sequence result = simplest(sequence, trials);
  status.reset();

  watchdog::set_patience(watchdog::kPatience);
  const std::string text = to_text(result, record);
  write_early(options, text);
  print_summary(sequence, result, trials);
  const Verdict verdict = executor.run(result).verdict;
  const std::string line = verdict_line(verdict, subject.name());
  expect_fresh(line, text, options.output, subject.name());
  print_change(*found.verdict, *verdict);
  Possible possible;
  const Sequence& played = possible.of(result, subject);
  const std::string why = explain(played, play(subject, played), subject.rules(), &its.protocol).text;
  tell(options, {.file = file_of(options), .line = line, .explanation = why}, text);
  return 0;
}

}  // namespace tpfuzz
