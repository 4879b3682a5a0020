#include "core/dual_mapping.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U  // Linux 6.3: the memory may be mapped executable whatever vm.memfd_noexec says
#endif

namespace tpfuzz::internal {
namespace {

using Error = std::optional<std::string>;

Error refused(const char* what) { return std::string("tracepoint text: ") + what + ": " + std::strerror(errno); }

// The raw system call: ThreadSanitizer's mmap interceptor dies on a MAP_FIXED over text. All arguments are longs, as
// the kernel reads whole registers.
void* map(std::uintptr_t at, std::size_t size, long protection, long flags, int fd) {
  const long result =
      syscall(SYS_mmap, static_cast<long>(at), static_cast<long>(size), protection, flags, static_cast<long>(fd), 0L);
  return reinterpret_cast<void*>(result);
}

constexpr long kReadExecute = PROT_READ | PROT_EXEC;
constexpr long kReadWrite = PROT_READ | PROT_WRITE;

// A memfd that closes itself: the mappings keep the memory.
class MemoryFile {
 public:
  Error create(std::size_t size) {
    fd_ = memfd_create("tracepoint-text", MFD_CLOEXEC | MFD_EXEC);
    if (fd_ < 0 && errno == EINVAL) fd_ = memfd_create("tracepoint-text", MFD_CLOEXEC);
    if (fd_ < 0) return refused("memfd_create");
    if (ftruncate(fd_, static_cast<off_t>(size)) != 0) return refused("ftruncate");
    return {};
  }
  ~MemoryFile() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

}  // namespace

std::optional<std::string> DualMapping::replace(std::uintptr_t code, std::size_t size) {
  MemoryFile file;
  if (Error error = file.create(size)) return error;
  void* alias = map(0, size, kReadWrite, MAP_SHARED, file.fd());
  if (alias == MAP_FAILED) return refused("mmap of the writable view");
  std::memcpy(alias, reinterpret_cast<const void*>(code), size);
  // A policy that forbids executable shared memory must be met here, and not when the running code is already gone.
  void* trial = map(0, size, kReadExecute, MAP_SHARED, file.fd());
  if (trial == MAP_FAILED) {
    Error error = refused("mmap of executable memory");
    munmap(alias, size);
    return error;
  }
  munmap(trial, size);
  // One system call swaps the pages: a thread that runs here meanwhile runs the old bytes or the same bytes.
  if (map(code, size, kReadExecute, MAP_SHARED | MAP_FIXED, file.fd()) == MAP_FAILED) {
    Error error = refused("mmap over the text");
    munmap(alias, size);
    return error;
  }
  code_ = code;
  alias_ = static_cast<std::uint8_t*>(alias);
  size_ = size;
  return {};
}

std::optional<std::string> DualMapping::allocate_near(std::uintptr_t near, std::size_t size) {
  MemoryFile file;
  if (Error error = file.create(size)) return error;
  void* alias = map(0, size, kReadWrite, MAP_SHARED, file.fd());
  if (alias == MAP_FAILED) return refused("mmap of the writable view");
  constexpr std::uintptr_t kStep = 1U << 20;
  constexpr std::uintptr_t kReach = 1U << 30;  // half of rel32's, so that every site of the program reaches it too
  for (std::uintptr_t distance = kStep; distance < kReach; distance += kStep) {
    for (const std::uintptr_t at : {near + distance, near - distance}) {
      const std::uintptr_t page = at & ~(std::uintptr_t{size} - 1);
      void* got = map(page, size, kReadExecute, MAP_SHARED | MAP_FIXED_NOREPLACE, file.fd());
      if (got == MAP_FAILED) continue;
      if (reinterpret_cast<std::uintptr_t>(got) != page) {  // before Linux 4.17 the address is only a hint
        munmap(got, size);
        continue;
      }
      code_ = page;
      alias_ = static_cast<std::uint8_t*>(alias);
      size_ = size;
      return {};
    }
  }
  Error error = refused("no room for a near trampoline");
  munmap(alias, size);
  return error;
}

void DualMapping::take_copy() {
  MemoryFile file;
  if (file.create(size_)) return;
  void* copy = map(0, size_, kReadWrite, MAP_SHARED, file.fd());
  if (copy == MAP_FAILED) return;
  std::memcpy(copy, alias_, size_);
  munmap(copy, size_);
  copy_ = file.release();
}

void DualMapping::drop_copy() {
  if (copy_ >= 0) close(copy_);
  copy_ = -1;
}

bool DualMapping::map_copy() {
  const auto alias = reinterpret_cast<std::uintptr_t>(alias_);
  const bool mapped = copy_ >= 0 && map(code_, size_, kReadExecute, MAP_SHARED | MAP_FIXED, copy_) != MAP_FAILED &&
                      map(alias, size_, kReadWrite, MAP_SHARED | MAP_FIXED, copy_) != MAP_FAILED;
  drop_copy();
  return mapped;
}

}  // namespace tpfuzz::internal
