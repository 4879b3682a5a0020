// What ThreadSanitizer has to know of the engine's own synchronisation: its mutex and its grace periods order the
// subject as the real ones do, but are no atomics that it sees. In other builds nothing.
#pragma once

#ifdef TPFUZZ_TSAN  // from the build: the engine itself is not instrumented
#include <sanitizer/tsan_interface.h>
extern "C" void __tsan_ignore_thread_begin();  // NOLINT: ThreadSanitizer's, in no header
extern "C" void __tsan_ignore_thread_end();    // NOLINT
#endif

namespace tpfuzz {

/// What the current CPU did happens before what a CPU does after a later `acquired(what)`.
inline void released([[maybe_unused]] void* what) {
#ifdef TPFUZZ_TSAN
  __tsan_release(what);
#endif
}

/// From `ignore_begin` to `ignore_end`, what the current fiber touches is no part of what is judged: the engine's own
/// state, which it touches on whatever fiber it is called. They nest.
inline void ignore_begin() {
#ifdef TPFUZZ_TSAN
  __tsan_ignore_thread_begin();
#endif
}
inline void ignore_end() {
#ifdef TPFUZZ_TSAN
  __tsan_ignore_thread_end();
#endif
}

/// The other side of `released`.
inline void acquired([[maybe_unused]] void* what) {
#ifdef TPFUZZ_TSAN
  __tsan_acquire(what);
#endif
}

}  // namespace tpfuzz
