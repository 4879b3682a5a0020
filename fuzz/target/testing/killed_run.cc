#include "fuzz/target/testing/killed_run.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tpfuzz {
namespace {

[[noreturn]] void be_traced(const std::vector<char*>& arguments, const char* output) {
  const int file = open(output, O_CREAT | O_TRUNC | O_WRONLY, 0666);
  if (file < 0 || dup2(file, 1) < 0 || dup2(file, 2) < 0 || ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(1);
  raise(SIGSTOP);
  execv(arguments[0], arguments.data());
  _exit(1);
}

// Whether `child` has just entered a system call, and which.
std::optional<__ptrace_syscall_info> entered(pid_t child) {
  __ptrace_syscall_info info{};
  if (ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info) <= 0 || info.op != PTRACE_SYSCALL_INFO_ENTRY)
    return std::nullopt;
  return info;
}

bool opens_for_writing(const __ptrace_syscall_info& info) {
  return info.entry.nr == SYS_openat && (info.entry.args[2] & (O_CREAT | O_TMPFILE)) != 0 &&
         (info.entry.args[2] & O_ACCMODE) == O_WRONLY;
}

// The signal that `status` stopped it with, to be handed on; 0 for stops of the tracing itself.
int signal_of(int status) {
  const bool traced = WSTOPSIG(status) == (SIGTRAP | 0x80) || status >> 16 != 0;
  return traced ? 0 : WSTOPSIG(status);
}

}  // namespace

std::optional<bool> run_and_kill(const std::vector<std::string>& command, const std::string& output, int nth) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) be_traced(arguments, output.c_str());
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return std::nullopt;
  ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC);
  bool writes = false;
  for (long signal = 0; ptrace(PTRACE_SYSCALL, child, nullptr, signal) == 0; signal = signal_of(status)) {
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return false;
    if (WSTOPSIG(status) != (SIGTRAP | 0x80)) continue;
    const auto call = entered(child);
    if (!call) continue;
    writes = writes || opens_for_writing(*call);
    if (writes && nth-- == 0) {
      kill(child, SIGKILL);
      waitpid(child, &status, 0);
      return true;
    }
  }
  return false;
}

}  // namespace tpfuzz
