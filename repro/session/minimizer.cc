#include "repro/session/minimizer.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>

#include "repro/io/process.h"
#include "repro/session/job_output.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

// Removes what one for `sequence` had half made that was killed.
void remove_partial(const std::string& sequence) {
  const fs::path path(sequence);
  const std::string beginning = '.' + path.filename().string() + '.';
  std::error_code error;
  for (fs::directory_iterator entry(path.parent_path(), error), end; !error && entry != end; entry.increment(error)) {
    std::error_code gone;
    if (entry->path().filename().string().starts_with(beginning)) fs::remove(entry->path(), gone);
  }
}

// Whether repro of this build sees what `token` is: a sanitizer's is seen in its own build alone.
bool is_seen(const std::string& token, const std::string& sanitizer) {
  return !is_report_token(token) || (sanitizer != "none" && token.starts_with(sanitizer + '-'));
}

}  // namespace

Minimizer::~Minimizer() {
  if (process_ == 0) return;
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

void Minimizer::begin(const std::string& token, const std::string& file) {
  const std::string sequence = plan_.sequence_of(token);
  remove_partial(sequence);
  process_ = start({.arguments = tied({"nice", plan_.repro, "witness", "--protocol", plan_.protocol, "--timeout", "10",
                                       file, "-o", sequence})});
}

void Minimizer::go_on(Findings& findings) {
  if (process_ != 0 && waitpid(process_, nullptr, WNOHANG) != 0) process_ = 0;
  while (process_ == 0 && !findings.to_minimize.empty()) {
    const std::string token = findings.to_minimize.front();
    findings.to_minimize.erase(findings.to_minimize.begin());
    const Finding* const finding = findings.find(token);
    if (finding != nullptr && is_seen(token, plan_.sanitizer)) begin(token, finding->file);
  }
}

void Minimizer::finish(Findings& findings, Signals& signals, const std::function<void()>& meanwhile) {
  const std::size_t left = findings.to_minimize.size() + (process_ != 0 ? 1 : 0);
  if (left != 0 && !signals.stopped())
    std::puts(fmt::format("tpfuzz: minimising what was found last: {}, of ten seconds at most each", left).c_str());
  do {
    while (process_ != 0 && waitpid(process_, nullptr, WNOHANG) == 0) {
      meanwhile();
      signals.wait(std::chrono::seconds(1));
    }
    process_ = 0;
    if (!signals.stopped()) go_on(findings);
  } while (process_ != 0);
}

}  // namespace tpfuzz
