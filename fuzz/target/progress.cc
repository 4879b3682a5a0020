#include "fuzz/target/progress.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace tpfuzz {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Error refused(const std::string& file, int error) {
  return {0, std::string("expected a file that can hold the progress: ") + std::strerror(error), file};
}

// What is wrong with `file`, which begins with the `got` bytes in `layout`: it may be somebody's. An empty one, and
// zeros, are what a process leaves that is killed before it counts; and another layout of ours counts for nothing.
std::optional<Error> foreign(const std::string& file, ssize_t got, std::uint64_t layout) {
  const bool ours = got == 0 || (got == sizeof layout && (layout == 0 || layout >> 32 == Progress::kLayout >> 32));
  if (ours) return std::nullopt;
  return Error{0, "expected a file that counts a fuzzer's progress, or none", file};
}

}  // namespace

std::variant<Progress*, Error> map_progress(const std::string& file) {
  const Descriptor descriptor(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  // One process at a time makes it what it has to be.
  if (descriptor.number() < 0 || flock(descriptor.number(), LOCK_EX) != 0) return refused(file, errno);
  std::uint64_t layout = 0;
  const ssize_t got = pread(descriptor.number(), &layout, sizeof layout, 0);
  if (got < 0) return refused(file, errno);
  if (auto why = foreign(file, got, layout)) return std::move(*why);
  // A hole would be filled while the process writes into it: a full disk would be a SIGBUS.
  if (const int error = posix_fallocate(descriptor.number(), 0, sizeof(Progress))) return refused(file, error);
  void* const mapped = mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.number(), 0);
  if (mapped == MAP_FAILED) return refused(file, errno);
  auto* const progress = static_cast<Progress*>(mapped);
  if (progress->layout != Progress::kLayout) {
    *progress = {};
    progress->layout = Progress::kLayout;
  }
  flock(descriptor.number(), LOCK_UN);  // the mapping would hold it on, beyond the descriptor
  return progress;
}

std::variant<Progress, Error> read_progress(const std::string& file) {
  const Descriptor descriptor(open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.number() < 0 && errno == ENOENT) return Progress{};
  Progress progress;
  if (descriptor.number() < 0) return refused(file, errno);
  const ssize_t got = read(descriptor.number(), &progress, sizeof progress);
  if (got < 0) return refused(file, errno);
  if (auto why = foreign(file, std::min<ssize_t>(got, sizeof progress.layout), progress.layout)) return std::move(*why);
  if (got != sizeof progress || progress.layout != Progress::kLayout) return Progress{};
  return progress;
}

}  // namespace tpfuzz
