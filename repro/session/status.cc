#include "repro/session/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <iterator>
#include <utility>

#include "fuzz/sequence/input.h"
#include "fuzz/subject/catalogue.h"
#include "repro/io/file.h"
#include "repro/io/subjects.h"
#include "repro/session/meter.h"
#include "repro/session/place.h"
#include "repro/session/words.h"

namespace tpfuzz {
namespace {

constexpr std::int64_t kLately = 5;  // seconds: a moment is noted as often

// What the last run has noted, from its beginning on.
std::vector<Session::Moment> last_run(const Session& session) {
  std::vector<Session::Moment> moments;
  if (session.history.empty()) return moments;
  const std::int64_t run = session.runs.empty() ? session.history.back().run : session.runs.back().run;
  std::ranges::copy_if(session.history, std::back_inserter(moments), [run](const auto& its) { return its.run == run; });
  return moments;
}

// Since the last moment that is old enough.
std::int64_t speed_lately(const std::vector<Session::Moment>& moments, std::int64_t seconds, std::int64_t executions) {
  const auto is_old = [seconds](const Session::Moment& moment) { return seconds - moment.seconds >= kLately; };
  const auto found = std::find_if(moments.rbegin(), moments.rend(), is_old);
  const Session::Moment& since = found == moments.rend() ? moments.front() : *found;
  return std::max<std::int64_t>(executions - since.executions, 0) / std::max<std::int64_t>(seconds - since.seconds, 1);
}

}  // namespace

const char* name_of(Phase phase) {
  constexpr const char* kNames[] = {"fuzzing", "finishing", "ended"};
  return kNames[static_cast<std::size_t>(phase)];
}

SessionStatus status_of(const Session& session, const Reached& reached, bool runs, std::int64_t now) {
  SessionStatus status{.reached = reached};
  std::vector<std::string> ignored;
  if (!session.runs.empty()) {
    const MadeWith& run = session.runs.back();
    status.sanitizer = run.sanitizer;
    status.jobs = run.jobs;
    status.planned = run.seconds;
    ignored = run.ignored;
  }
  if (const auto moments = last_run(session); !moments.empty()) {
    const Session::Moment& first = moments.front();
    const Session::Moment& last = moments.back();
    status.sanitizer = last.sanitizer;
    status.jobs = last.jobs;
    status.corpus = last.corpus;
    status.seconds = runs ? std::max(now - last.run, last.seconds) : last.seconds;
    status.executions = std::max<std::int64_t>(reached.executions - first.executions, 0);
    status.speed = runs ? speed_lately(moments, status.seconds, reached.executions)
                        : status.executions / std::max<std::int64_t>(status.seconds, 1);
  }
  const bool is_over = status.planned > 0 && status.seconds >= status.planned;
  status.phase = !runs ? Phase::ended : is_over ? Phase::finishing : Phase::fuzzing;
  for (const Session::Finding& finding : session.findings)
    if (std::ranges::find(ignored, finding.token) == ignored.end())
      status.findings.push_back({.token = finding.token,
                                 .why = finding.explanation.empty() ? finding.verdict : finding.explanation,
                                 .file = finding.artifact,
                                 .alone = finding.alone,
                                 .line = finding.verdict});
  return status;
}

StatusReader::StatusReader(std::string directory) : directory_(std::move(directory)) {
  const auto record = session_subject(directory_);
  if (!record) throw InputError(directory_ + ": expected a directory that fuzz.sh made: findings/P");
  called_ = name_of(*record);
  protocol_ = protocol_of(*record, directory_ + "/subject");
}

std::size_t StatusReader::operations_in(const std::string& file) {
  if (const auto known = operations_.find(file); known != operations_.end()) return known->second;
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return 0;
  const auto input = parse_file(read_bytes(file));
  const auto* const read = std::get_if<Input>(&input);
  return operations_[file] = read == nullptr ? 0 : read->sequence.operations.size();
}

SessionStatus StatusReader::read() {
  const bool runs = is_at_work(directory_);  // before its files are read: one that ends meanwhile is seen next time
  const Session session = read_session(directory_);
  SessionStatus status = status_of(session, reached(directory_ + "/progress", protocol_), runs, std::time(nullptr));
  status.directory = directory_;
  status.called = called_;
  for (SessionStatus::Finding& finding : status.findings) {
    const auto its = std::ranges::find(session.findings, finding.token, &Session::Finding::token);
    finding.operations = operations_in(finding.file);
    if (finding.alone) finding.fewest = operations_in(its->sequence);
  }
  return status;
}

std::string size_words(const SessionStatus::Finding& finding) {
  const auto operations = [](std::size_t count) { return fmt::format("{} operation{}", count, count == 1 ? "" : "s"); };
  if (!finding.alone) return "does not replay alone";
  if (finding.fewest != 0 && finding.operations != 0)
    return fmt::format("{} -> {}", finding.operations, operations(finding.fewest));
  if (finding.fewest != 0) return operations(finding.fewest);
  return finding.operations == 0 ? "" : operations(finding.operations) + ", not minimised yet";
}

std::vector<std::string> plain_lines(const SessionStatus& status) {
  std::vector<std::string> lines = {
      fmt::format("tpfuzz: {} protocol={} sanitizer={} seconds={} jobs={}", name_of(status.phase), status.called,
                  status.sanitizer, status.planned, status.jobs),
      progress_line({.seconds = status.seconds,
                     .corpus = static_cast<std::size_t>(status.corpus),
                     .interleavings = status.reached.met,
                     .findings = status.findings.size()},
                    status.executions, status.speed, status.reached.possible)};
  for (const SessionStatus::Finding& finding : status.findings)
    lines.push_back(fmt::format("tpfuzz: found: {}  {}  file: {}  why: {}", finding.token, size_words(finding),
                                quoted(finding.file), finding.why));
  return lines;
}

}  // namespace tpfuzz
