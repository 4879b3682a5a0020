#include "repro/session/place.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "repro/io/file.h"
#include "repro/io/output.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& why) {
  throw InputError(fmt::format("fuzz.sh: {}; see ./fuzz.sh --help", why));
}

// The lock of an open file that is all of the file. Who only looks whether somebody has it takes nothing.
struct flock whole_file(short type) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

bool take_lock(int file) {
  const struct flock lock = whole_file(F_WRLCK);
  return fcntl(file, F_OFD_SETLK, &lock) == 0;
}

}  // namespace

WorkDirectory::WorkDirectory() {
  const char* const given = std::getenv("TMPDIR");
  path_ = fmt::format("{}/tpfuzz.XXXXXX", given != nullptr && *given != '\0' ? given : "/tmp");
  if (mkdtemp(path_.data()) == nullptr)
    throw InputError(fmt::format("{}: expected a directory that can be made: {}", path_, std::strerror(errno)));
}

WorkDirectory::~WorkDirectory() {
  std::error_code error;
  fs::remove_all(path_, error);
}

StateDirectory::StateDirectory(const SessionPlan& plan) : lock_(-1) {
  std::error_code state;
  std::error_code corpus;
  fs::create_directories(plan.state, state);
  fs::create_directories(plan.corpus, corpus);
  if (state || corpus) refuse(fmt::format("{} or {} can't be made", plan.state, plan.corpus));
  const std::string file = plan.file("lock");
  lock_ = open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (lock_ < 0)
    throw InputError(fmt::format("{}: expected a file that can be written: {}", file, std::strerror(errno)));
  if (!take_lock(lock_)) {
    close(lock_);
    refuse("another fuzz.sh is at work in " + plan.state);
  }
  write_output(plan.file("subject"), to_lines(plan.subject));
}

StateDirectory::~StateDirectory() { close(lock_); }

bool is_at_work(const std::string& directory) {
  const int lock = open((directory + "/lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0) return false;
  struct flock holder = whole_file(F_RDLCK);
  const bool is_known = fcntl(lock, F_OFD_GETLK, &holder) == 0;
  close(lock);
  return is_known && holder.l_type != F_UNLCK;
}

}  // namespace tpfuzz
