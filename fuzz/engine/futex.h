// The kernel's futex, as it is: std::atomic's wait may be an instrumented function of another file, and then be
// synchronisation to ThreadSanitizer.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace tpfuzz {

/// Sleeps until a `futex_wake`, if `word` still holds `value`; may return for no reason.
inline void futex_wait(const std::uint32_t& word, std::uint32_t value) {
  syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
}

/// Wakes one who sleeps on `word`.
inline void futex_wake(const std::uint32_t& word) {
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

}  // namespace tpfuzz
