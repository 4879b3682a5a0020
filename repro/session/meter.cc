#include "repro/session/meter.h"

#include <fmt/format.h>

#include <ctime>
#include <filesystem>

#include "repro/io/subjects.h"
#include "repro/session/json.h"
#include "repro/session/line_file.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

std::int64_t now() { return std::time(nullptr); }

}  // namespace

std::size_t count_inputs(const SessionPlan& plan) {
  std::size_t count = 0;
  std::error_code error;
  for (fs::directory_iterator entry(plan.corpus, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    count += entry->is_regular_file(gone) && entry->path().extension() != ".tmp";
  }
  return count;
}

Reached reached_in(const SessionPlan& plan) {
  const std::string file = plan.file("progress");
  return reached(file, protocol_of(plan.subject, file));
}

std::string progress_line(const Moment& moment, std::int64_t executions, std::int64_t speed, std::size_t possible) {
  return fmt::format("tpfuzz: {} s  execs={}  execs_per_s={}  corpus={}  interleavings={}/{}  findings={}",
                     moment.seconds, executions, speed, moment.corpus, moment.interleavings, possible, moment.findings);
}

Meter::Meter(const SessionPlan& plan)
    : plan_(plan),
      begin_(now()),
      executions_before_(reached_in(plan).executions),
      told_executions_(executions_before_) {}

std::int64_t Meter::seconds() const { return now() - begin_; }

std::string Meter::note(std::size_t findings) {
  const Reached far = reached_in(plan_);
  const Moment moment{.run = begin_,
                      .seconds = seconds(),
                      .executions = far.executions,
                      .corpus = count_inputs(plan_),
                      .interleavings = far.met,
                      .findings = findings,
                      .sanitizer = plan_.sanitizer,
                      .jobs = plan_.jobs};
  append_line(plan_.file("history.jsonl"), to_line(moment));
  if (moment.seconds <= told_at_) return {};
  const std::int64_t speed = (far.executions - told_executions_) / (moment.seconds - told_at_);
  told_at_ = moment.seconds;
  told_executions_ = far.executions;
  return progress_line(moment, far.executions - executions_before_, speed, far.possible);
}

}  // namespace tpfuzz
