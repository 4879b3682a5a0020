#include "repro/session/run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "repro/io/file.h"
#include "repro/io/process.h"
#include "repro/session/coverage.h"
#include "repro/session/display.h"
#include "repro/session/findings.h"
#include "repro/session/first.h"
#include "repro/session/jobs.h"
#include "repro/session/json.h"
#include "repro/session/line_file.h"
#include "repro/session/made_with.h"
#include "repro/session/merge.h"
#include "repro/session/meter.h"
#include "repro/session/minimizer.h"
#include "repro/session/place.h"
#include "repro/session/summary.h"

namespace tpfuzz {
namespace {

constexpr std::int64_t kTick = 5;  // seconds between two times that it tells how far it is

// Without halt_on_error libFuzzer would save the empty input. For the processes started from now on.
void set_sanitizer_options() {
  const char* const given = std::getenv("TSAN_OPTIONS");
  const std::string others = given != nullptr && *given != '\0' ? ':' + std::string(given) : "";
  setenv("TSAN_OPTIONS", ("halt_on_error=1:atexit_sleep_ms=0" + others).c_str(), 1);
}

void print(const std::string& line) { std::puts(line.c_str()); }

MadeWith made_with(const SessionPlan& plan, std::int64_t begin) {
  MadeWith made = made_here();
  made.run = begin;
  made.sanitizer = plan.sanitizer;
  made.readers = plan.readers;
  made.seconds = plan.seconds;
  made.ignored = plan.ignored;
  made.jobs = plan.jobs;
  made.one_seed = plan.given_seed;
  made.seed = plan.seed;
  made.repro = plan.repro;
  return made;
}

void tell_begin(const SessionPlan& plan, const Findings& findings, const Meter& meter) {
  print(fmt::format("tpfuzz: fuzzing protocol={} sanitizer={} seconds={} jobs={}", plan.called, plan.sanitizer,
                    plan.seconds, plan.jobs));
  if (meter.executions_before() > 0)
    print(fmt::format("tpfuzz: goes on behind {} executions, with {} inputs and {} findings", meter.executions_before(),
                      count_inputs(plan), findings.known.size()));
  for (const Finding& finding : findings.known)
    print(fmt::format("tpfuzz: known: {}  replay: {}", finding.token, replay_line(plan, findings, finding)));
}

// Fuzzes until the time is up, a signal comes, or nothing runs any more.
void fuzz(const SessionPlan& plan, Findings& findings, Minimizer& minimizer, Meter& meter, Signals& signals,
          Display& display) {
  Jobs jobs(plan);
  jobs.start(findings);
  const auto begin = std::chrono::steady_clock::now();
  const auto after = [begin](std::int64_t seconds) { return begin + std::chrono::seconds(seconds); };
  const auto end = after(plan.seconds);
  std::int64_t tick = kTick;
  while (!signals.stopped()) {
    minimizer.go_on(findings);
    if (!jobs.take_ended(findings, meter.begin(), signals)) break;
    const auto now = std::chrono::steady_clock::now();
    if (now >= end) break;
    if (now >= after(tick)) {
      display.tell(meter.note(findings.known.size()));
      tick = std::chrono::duration_cast<std::chrono::seconds>(now - begin).count() + kTick;
    }
    display.show();
    signals.wait(
        std::min(display.patience(), std::chrono::ceil<std::chrono::milliseconds>(std::min(end, after(tick)) - now)));
  }
  jobs.finish(findings, meter.begin());
}

// By a process of its own: whatever ends that does not end this one.
void write_report(const SessionPlan& plan) {
  if (wait_for(
          start({.arguments = tied({plan.repro, "report", plan.state, "-o", plan.report}), .err = STDERR_FILENO})) == 0)
    print("tpfuzz: report: " + plan.report);
}

int fuzz_and_tell(const SessionPlan& plan, const SessionOptions& options, Findings& findings, Signals& signals,
                  const SummaryOutput* summary) {
  Meter meter(plan);
  append_line(plan.file("runs.jsonl"), to_line(made_with(plan, meter.begin())));
  take_first(plan, findings, meter.begin());
  tell_begin(plan, findings, meter);
  std::int64_t seconds = 0;
  {
    Display display(plan.state, "Ctrl-C ends it; what was found stays.");
    display.tell(meter.note(findings.known.size()));
    Minimizer minimizer(plan);
    fuzz(plan, findings, minimizer, meter, signals, display);
    seconds = meter.seconds();
    display.tell(meter.note(findings.known.size()));
    display.finishes();
    minimizer.finish(findings, signals, [&display] { display.show(); });
  }
  const std::int64_t executions = reached_in(plan).executions - meter.executions_before();
  if (options.reports) {
    if (options.measures && !signals.stopped()) measure_coverage(plan, findings);
    write_report(plan);
  }
  const bool found = !findings.known.empty();
  print(fmt::format("tpfuzz: protocol={} sanitizer={} execs={} execs_per_s={} findings={} artifact={}", plan.called,
                    plan.sanitizer, executions, executions / std::max<std::int64_t>(seconds, 1), findings.known.size(),
                    found ? findings.known.front().file : "none"));
  if (summary != nullptr) summary->print(plan, findings, {seconds, executions});
  return found ? 1 : 0;
}

int run(const SessionOptions& options) {
  if (options.json && options.merges) throw InputError("--json: expected no --merge, which has no findings to tell");
  const auto summary = options.json ? std::make_unique<SummaryOutput>() : nullptr;
  Signals signals;
  const WorkDirectory work;
  const SessionPlan plan = make_plan(options, work.path());
  const StateDirectory state(plan);
  set_sanitizer_options();
  drop_cut_line(plan.file("history.jsonl"));
  drop_cut_line(plan.file("runs.jsonl"));
  Findings findings = recall_findings(plan, signals);
  if (!options.merges) return fuzz_and_tell(plan, options, findings, signals, summary.get());
  merge_corpus(plan, findings);
  return 0;
}

}  // namespace

int run_session(const SessionOptions& options) {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // who reads it waits for each line
  try {
    return run(options);
  } catch (const std::filesystem::filesystem_error& error) {
    throw InputError(fmt::format("{}: {}", error.path1().string(), error.code().message()));
  }
}

}  // namespace tpfuzz
