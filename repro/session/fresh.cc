#include "repro/session/fresh.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdlib>
#include <sstream>

#include "fuzz/target/sanitizer_report.h"
#include "repro/io/file.h"
#include "repro/io/process.h"

namespace tpfuzz {
namespace {

// The exit code after a sanitizer's report (engine/fiber.cc).
constexpr int kReported = 66;

// To look for the names of functions would take a sanitizer a second a report. For the processes started from now on.
void add_options(const char* variable) {
  constexpr std::string_view kOption = "symbolize=0";
  const char* const given = std::getenv(variable);
  const std::string others = given != nullptr ? given : "";
  if (others.find(kOption) == others.npos) setenv(variable, (others + ':' + std::string(kOption)).c_str(), 1);
}

// The first line that is a verdict's; empty if there is none.
std::string verdict_in(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (is_violation(line) || line.starts_with("tpfuzz: clean ")) return line;
  return {};
}

std::string report_line(const std::string& said, const std::string& name) {
  const auto report = sanitizer_report(said).value_or(SanitizerReport{"undefined", "runtime-error"});
  return fmt::format("tpfuzz: REPORT sanitizer={} kind={} protocol={}", report.sanitizer, report.kind, name);
}

std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

std::string run_fresh(const std::string& text, const std::string& name) {
  add_options("ASAN_OPTIONS");
  add_options("TSAN_OPTIONS");
  const Memory in(text);
  const Memory out;
  const Memory err;
  const int status = wait_for(start({.arguments = {"repro", "run", "/dev/stdin"},
                                     .file = "/proc/self/exe",
                                     .in = in.descriptor(),
                                     .out = out.descriptor(),
                                     .err = err.descriptor()}));
  if (WIFEXITED(status) && WEXITSTATUS(status) == kReported) return report_line(err.text(), name);
  if (const std::string verdict = verdict_in(out.text()); !verdict.empty()) return verdict;
  const std::string last = last_line(err.text());
  return last.empty() ? fmt::format("the process ended with status {}", status) : last;
}

bool is_violation(const std::string& line) { return line.starts_with("tpfuzz: VIOLATION "); }
bool is_report(const std::string& line) { return line.starts_with("tpfuzz: REPORT "); }

}  // namespace tpfuzz
