#include "repro/session/fresh.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <vector>

#include "fuzz/target/sanitizer_report.h"
#include "repro/io/file.h"

extern char** environ;

namespace tpfuzz {
namespace {

// The exit code after a sanitizer's report (engine/fiber.cc).
constexpr int kReported = 66;

[[noreturn]] void refuse(int error) {
  throw InputError(fmt::format("/proc/self/exe:0: expected a process of this program: {}", std::strerror(error)));
}

// A file without a name, in memory.
class Memory {
 public:
  explicit Memory(const std::string& text = {}) : descriptor_(memfd_create("tpfuzz", MFD_CLOEXEC)) {
    if (descriptor_ < 0 || pwrite(descriptor_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
      refuse(errno);
  }
  ~Memory() { close(descriptor_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  int descriptor() const { return descriptor_; }
  std::string text() const {
    std::string all;
    char buffer[4096];
    while (const ssize_t got = pread(descriptor_, buffer, sizeof buffer, static_cast<off_t>(all.size()))) {
      if (got < 0) refuse(errno);
      all.append(buffer, static_cast<std::size_t>(got));
    }
    return all;
  }

 private:
  int descriptor_;
};

// To look for the names of functions would take a sanitizer a second a report. For the processes started from now on.
void add_options(const char* variable) {
  constexpr std::string_view kOption = "symbolize=0";
  const char* const given = std::getenv(variable);
  const std::string others = given != nullptr ? given : "";
  if (others.find(kOption) == others.npos) setenv(variable, (others + ':' + std::string(kOption)).c_str(), 1);
}

// Waits for the program with these arguments, between these files. An interrupt is for this process. Returns how it
// ended, as waitpid says it.
int wait_for(const std::vector<std::string>& arguments, const Memory& in, const Memory& out, const Memory& err) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, in.descriptor(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out.descriptor(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err.descriptor(), STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t blocked;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  posix_spawnattr_setsigmask(&attributes, &blocked);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawn(&child, "/proc/self/exe", &files, &attributes, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) refuse(error);
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) refuse(errno);
  return status;
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
  const int status = wait_for({"repro", "run", "/dev/stdin"}, in, out, err);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kReported) return report_line(err.text(), name);
  if (const std::string verdict = verdict_in(out.text()); !verdict.empty()) return verdict;
  const std::string last = last_line(err.text());
  return last.empty() ? fmt::format("the process ended with status {}", status) : last;
}

bool is_violation(const std::string& line) { return line.starts_with("tpfuzz: VIOLATION "); }
bool is_report(const std::string& line) { return line.starts_with("tpfuzz: REPORT "); }

}  // namespace tpfuzz
