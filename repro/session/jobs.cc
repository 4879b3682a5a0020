#include "repro/session/jobs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <thread>

#include "repro/io/file.h"
#include "repro/io/process.h"
#include "repro/session/job_output.h"

namespace tpfuzz {
namespace {

std::string log_of(const SessionPlan& plan, std::size_t job) { return fmt::format("{}/log.{}", plan.work, job); }
std::string before_of(const SessionPlan& plan, std::size_t job) { return fmt::format("{}/before.{}", plan.work, job); }

}  // namespace

void Jobs::start(const Findings& findings) {
  for (std::size_t job = 0; job < jobs_.size(); ++job) start(job, findings);
}

void Jobs::start(std::size_t job, const Findings& findings) {
  const std::string log = log_of(plan_, job);
  const std::string before = before_of(plan_, job);
  std::error_code error;
  std::filesystem::remove_all(before, error);  // not those of the one before
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (output < 0)
    throw InputError(fmt::format("{}: expected a file that can be written: {}", log, std::strerror(errno)));
  jobs_[job] = {tpfuzz::start({.arguments = tied(command(findings, before)), .out = output, .err = output}), true, 0};
  close(output);
}

std::vector<std::string> Jobs::command(const Findings& findings, const std::string& before) {
  std::vector<std::string> arguments = {plan_.fuzzer,           "--protocol", plan_.protocol, "--progress",
                                        plan_.file("progress"), "--before",   before,         "--readers",
                                        plan_.readers};
  const auto append = [&arguments](const std::vector<std::string>& what) {
    arguments.insert(arguments.end(), what.begin(), what.end());
  };
  append(ignored(plan_, findings));
  arguments.push_back("-artifact_prefix=" + plan_.findings + '/');
  append(limit_flags());
  if (!plan_.given_seed) arguments.push_back(fmt::format("-seed={}", plan_.seed + started_));
  ++started_;
  append(plan_.flags);
  arguments.push_back(plan_.corpus);
  append(plan_.corpora);
  return arguments;
}

void Jobs::look() {
  for (Job& job : jobs_)
    if (job.runs && waitpid(job.process, &job.status, WNOHANG) == job.process) job.runs = false;
}

Found Jobs::left_by(std::size_t job) const { return read_found(log_of(plan_, job), before_of(plan_, job)); }

bool Jobs::take_ended(Findings& findings, std::int64_t begin, Signals& signals) {
  look();
  for (std::size_t job = 0; job < jobs_.size(); ++job) {
    if (jobs_[job].process == 0 || jobs_[job].runs) continue;
    if (signals.stopped()) return false;  // it may be why the job has ended
    const int status = jobs_[job].status;
    const Found found = left_by(job);
    jobs_[job] = {};
    if (!found.artifact.empty()) {
      if (!take_finding(plan_, findings, begin, found)) return false;
      start(job, findings);
    } else if (status != 0) {
      throw InputError(complaint_in(found.output));
    }
  }
  return std::ranges::any_of(jobs_, [](const Job& job) { return job.process != 0; });
}

void Jobs::await_findings() {
  int tries = 100;
  for (std::size_t job = 0; job < jobs_.size(); ++job) {
    if (jobs_[job].process == 0 || !tells_finding(left_by(job).output)) continue;
    for (look(); jobs_[job].runs && tries > 0; look(), --tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

void Jobs::stop() {
  for (const Job& job : jobs_)
    if (job.runs) kill(job.process, SIGKILL);
  for (Job& job : jobs_) {
    if (job.runs) waitpid(job.process, &job.status, 0);
    job.runs = false;
  }
}

void Jobs::finish(Findings& findings, std::int64_t begin) {
  await_findings();
  stop();
  for (std::size_t job = 0; job < jobs_.size(); ++job) {
    if (jobs_[job].process == 0) continue;
    const Found found = left_by(job);
    if (!found.artifact.empty()) take_finding(plan_, findings, begin, found);
  }
}

}  // namespace tpfuzz
