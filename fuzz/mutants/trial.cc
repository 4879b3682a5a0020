#include "fuzz/mutants/trial.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <vector>

#include "fuzz/mutants/report.h"
#include "fuzz/target/sanitizer_report.h"

extern char** environ;

namespace tpfuzz::mutants {
namespace {

[[noreturn]] void refuse(const char* what) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

// A file without a name, which a child inherits under its number.
class Memory {
 public:
  explicit Memory(std::size_t size) : descriptor_(memfd_create("tpfuzz", 0)) {
    if (descriptor_ < 0 || ftruncate(descriptor_, static_cast<off_t>(size)) != 0) refuse("memfd_create");
  }
  ~Memory() { close(descriptor_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  int descriptor() const { return descriptor_; }
  void read(void* out, std::size_t size) const {
    if (pread(descriptor_, out, size, 0) != static_cast<ssize_t>(size)) refuse("pread");
  }
  std::string text() const {
    std::string all(static_cast<std::size_t>(lseek(descriptor_, 0, SEEK_END)), '\0');
    read(all.data(), all.size());
    return all;
  }

 private:
  int descriptor_;
};

struct Ended {
  Report report;
  std::string output;
  bool timed_out = false;
  int status = 0;  // as waitpid says it
};

// The environment of a finder. Without symbolizing: it would take a sanitizer a second a report.
std::vector<std::string> environment(int number, int report) {
  std::vector<std::string> all;
  for (char** variable = environ; *variable != nullptr; ++variable) all.emplace_back(*variable);
  all.push_back(fmt::format("{}={}", kActiveVariable, number));
  all.push_back(fmt::format("{}={}", kReportVariable, report));
  all.emplace_back("ASAN_OPTIONS=symbolize=0:exitcode=66:handle_abort=0");
  all.emplace_back("TSAN_OPTIONS=symbolize=0:exitcode=66:halt_on_error=1:atexit_sleep_ms=0");
  all.emplace_back("UBSAN_OPTIONS=symbolize=0");
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> all;
  for (std::string& string : strings) all.push_back(string.data());
  all.push_back(nullptr);
  return all;
}

// Waits until `child` has ended, or begun no execution for `timeout` seconds; then ends it and what it has started.
int wait_for(pid_t child, const Memory& report, int timeout, bool& timed_out) {
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, child, 0));
  if (descriptor < 0) refuse("pidfd_open");
  pollfd waits = {descriptor, POLLIN, 0};
  int executions = -1;
  for (int left = timeout; left > 0 && poll(&waits, 1, 1000) == 0; --left) {
    Report now;
    report.read(&now, sizeof now);
    if (now.executions != std::exchange(executions, now.executions)) left = timeout;
  }
  timed_out = poll(&waits, 1, 0) == 0;
  close(descriptor);
  kill(-child, SIGKILL);  // its group: a test may have left children
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) refuse("waitpid");
  return status;
}

Ended run(const std::string& program, std::vector<std::string> arguments, int number, int timeout) {
  const Memory report(sizeof(Report));
  const Memory output(0);
  std::vector<std::string> variables = environment(number, report.descriptor());
  arguments.insert(arguments.begin(), program);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, output.descriptor(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, output.descriptor(), STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t child = 0;
  const int error =
      posix_spawn(&child, program.c_str(), &files, &attributes, pointers(arguments).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    errno = error;
    refuse(program.c_str());
  }
  Ended ended;
  ended.status = wait_for(child, report, timeout, ended.timed_out);
  report.read(&ended.report, sizeof ended.report);
  ended.output = output.text();
  return ended;
}

// What a finder that ended like this has found, empty if nothing.
std::string found_by(const Ended& ended) {
  if (ended.report.found) return ended.report.token.data();
  const std::string doing = fmt::format(" ({})", ended.report.doing.data());
  if (const auto report = sanitizer_report(ended.output)) return report->kind + doing;
  if (ended.timed_out) return "hang" + doing;
  if (WIFSIGNALED(ended.status)) return fmt::format("SIG{}{}", sigabbrev_np(WTERMSIG(ended.status)), doing);
  if (WEXITSTATUS(ended.status) != 0) return fmt::format("exit code {}{}", WEXITSTATUS(ended.status), doing);
  return {};
}

struct Finder {
  const char* name;
  std::string program;
  std::vector<std::string> arguments;
  int patience = 1;  // times the budget's time-out
  bool is_search = true;
};

Finder search(const char* engine, std::uint64_t seed, int executions) {
  return {engine,
          "/proc/self/exe",
          {"--find", engine, "--seed", std::to_string(seed), "--executions", std::to_string(std::max(executions, 1))}};
}

std::vector<Finder> finders(std::uint64_t seed, const Budget& budget, const std::filesystem::path& tests) {
  const std::string slow = "GracePeriods.HoldInEvery*:Stress.*:Hammer.*:ForkTest.NoChild*:ForkTest.AChildMade*";
  std::vector<Finder> all = {search("lockstep", seed, budget.executions),
                             {"core test", tests / "mutants_barrier_test", {}, 1, false},
                             {"core test", tests / "mutants_enlist_test", {}, 1, false},
#ifdef TPFUZZ_MEMORY_TEST
                             {"core test", tests / "mutants_memory_test", {}, 1, false},
#endif
                             {"core test", tests / "mutants_core_test", {"--gtest_filter=-" + slow}, 1, false},
                             search("threads", seed, budget.executions / 20),
                             search("stress", seed, budget.executions / 20)};
  if (budget.slow)
    all.push_back({"slow core test", tests / "mutants_core_test", {"--gtest_filter=" + slow}, 10, false});
  return all;
}

}  // namespace

Finding try_mutant(int number, const Budget& budget, const std::filesystem::path& tests) {
  const auto begin = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
  const std::vector<Finder> all = finders(1, budget, tests);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Ended ended = run(all[i].program, all[i].arguments, number, budget.timeout * all[i].patience);
    const std::string what = found_by(ended);
    if (what.empty()) continue;
    Finding finding{all[i].name, what, ended.report.executions, seconds()};
    std::vector<int> executions = {finding.executions};
    for (int seed = 2; all[i].is_search && seed <= budget.seeds; ++seed) {
      const Finder again = finders(static_cast<std::uint64_t>(seed), budget, tests)[i];
      executions.push_back(run(again.program, again.arguments, number, budget.timeout).report.executions);
    }
    std::ranges::sort(executions);
    finding.executions = executions[executions.size() / 2];
    return finding;
  }
  return {.finder = {}, .what = {}, .executions = 0, .seconds = seconds()};
}

}  // namespace tpfuzz::mutants
