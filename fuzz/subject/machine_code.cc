#include "fuzz/subject/machine_code.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tpfuzz {
namespace {

constexpr std::uint8_t kJumpThroughNext[] = {0xff, 0x25, 0, 0, 0, 0};

// Whether the eight bytes at `address` can be read. The system reads them before it refuses the call, which changes
// nothing. The page that was asked for last is not asked for again: trampolines stay where they are.
bool is_readable(std::uintptr_t address) {
  constexpr std::uintptr_t kPage = 4096;
  static std::uintptr_t last_page = ~std::uintptr_t{0};
  const std::uintptr_t page = address / kPage;
  const bool crosses = (address + sizeof(std::uint64_t) - 1) / kPage != page;
  if (!crosses && __atomic_load_n(&last_page, __ATOMIC_RELAXED) == page) return true;
  constexpr int kNoSuchChange = -1;
  if (syscall(SYS_rt_sigprocmask, kNoSuchChange, address, nullptr, sizeof(std::uint64_t)) == 0 || errno == EFAULT)
    return false;
  if (!crosses) __atomic_store_n(&last_page, page, __ATOMIC_RELAXED);
  return true;
}

}  // namespace

std::optional<std::uintptr_t> target_of_trampoline(std::uintptr_t address) {
  std::uintptr_t target = 0;
  const std::uintptr_t last = address + sizeof kJumpThroughNext + sizeof target - sizeof(std::uint64_t);
  if (!is_readable(address) || !is_readable(last)) return std::nullopt;
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(address);
  if (std::memcmp(bytes, kJumpThroughNext, sizeof kJumpThroughNext) != 0) return std::nullopt;
  std::memcpy(&target, bytes + sizeof kJumpThroughNext, sizeof target);
  return target;
}

}  // namespace tpfuzz
