#include "repro/io/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "repro/io/file.h"

extern char** environ;

namespace tpfuzz {
namespace {

[[noreturn]] void refuse(const std::string& program, int error) {
  throw InputError(fmt::format("{}: expected a process of this program: {}", program, std::strerror(error)));
}

// The streams of a program to be.
class Streams {
 public:
  explicit Streams(const Program& program) {
    posix_spawn_file_actions_init(&actions_);
    connect(program.in, STDIN_FILENO, O_RDONLY);
    connect(program.out, STDOUT_FILENO, O_WRONLY);
    connect(program.err, STDERR_FILENO, O_WRONLY);
  }
  ~Streams() { posix_spawn_file_actions_destroy(&actions_); }
  Streams(const Streams&) = delete;
  Streams& operator=(const Streams&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }

 private:
  void connect(int from, int to, int how) {
    if (from < 0)
      posix_spawn_file_actions_addopen(&actions_, to, "/dev/null", how, 0);
    else
      posix_spawn_file_actions_adddup2(&actions_, from, to);
  }

  posix_spawn_file_actions_t actions_;
};

// The signals that a program to be has blocked.
class Blocked {
 public:
  explicit Blocked(bool interruptible) {
    sigset_t blocked;
    sigemptyset(&blocked);
    if (!interruptible) sigaddset(&blocked, SIGINT);
    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setsigmask(&attributes_, &blocked);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }
  ~Blocked() { posix_spawnattr_destroy(&attributes_); }
  Blocked(const Blocked&) = delete;
  Blocked& operator=(const Blocked&) = delete;

  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

}  // namespace

Memory::Memory(const std::string& text) : descriptor_(memfd_create("tpfuzz", MFD_CLOEXEC)) {
  if (descriptor_ < 0 || pwrite(descriptor_, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    refuse("memfd", errno);
}

Memory::~Memory() { close(descriptor_); }

std::string Memory::text() const {
  std::string all;
  char buffer[4096];
  while (const ssize_t got = pread(descriptor_, buffer, sizeof buffer, static_cast<off_t>(all.size()))) {
    if (got < 0) refuse("memfd", errno);
    all.append(buffer, static_cast<std::size_t>(got));
  }
  return all;
}

pid_t start(const Program& program) {
  const std::string& file = program.file.empty() ? program.arguments.front() : program.file;
  std::vector<char*> argv;
  for (const std::string& argument : program.arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const Streams streams(program);
  const Blocked blocked(program.interruptible);
  pid_t process = 0;
  const int error = posix_spawnp(&process, file.c_str(), streams.actions(), blocked.attributes(), argv.data(), environ);
  if (error != 0) refuse(file, error);
  return process;
}

int wait_for(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0)
    if (errno != EINTR) refuse(fmt::format("process {}", process), errno);
  return status;
}

std::vector<std::string> tied(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"setpriv", "--pdeathsig", "KILL", "--"});
  return arguments;
}

}  // namespace tpfuzz
