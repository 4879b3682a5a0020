// All that ThreadSanitizer is told, where it can't see by itself. In other builds nothing.
//
//   released, acquired   an order that is made by what is not instrumented: liburcu's grace periods and call_rcu
//                        (rcu.cc), and the model's of an engine that keeps grace periods, a mutex and memory of its own
//   ignore               state of an engine, which CPUs touch on whatever thread or fiber it is called; blocks that
//                        liburcu allocates in one thread and frees in another
//
// None leads from a writer's publication to a reader: a missing release is still seen.
#pragma once

#include "core/namespace.h"

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TPFUZZ_INTERNAL_TSAN
#endif
#endif
#ifdef TPFUZZ_TSAN  // from the build: not every file is instrumented
#define TPFUZZ_INTERNAL_TSAN
#endif

#ifdef TPFUZZ_INTERNAL_TSAN
#include <sanitizer/tsan_interface.h>
extern "C" void __tsan_ignore_thread_begin();  // NOLINT: ThreadSanitizer's, in no header
extern "C" void __tsan_ignore_thread_end();    // NOLINT
#endif

namespace tpfuzz::internal {

/// What the current thread or fiber did happens before what one does after a later `acquired(what)`. The edge has an
/// address of its own: the unlock of a mutex there would overwrite what it carries.
inline void released([[maybe_unused]] void* what) {
#ifdef TPFUZZ_INTERNAL_TSAN
  __tsan_release(what);
#endif
}

/// The other side of `released`.
inline void acquired([[maybe_unused]] void* what) {
#ifdef TPFUZZ_INTERNAL_TSAN
  __tsan_acquire(what);
#endif
}

/// From `ignore_begin` to `ignore_end`, what the current thread or fiber touches is no part of what is judged. They
/// nest.
inline void ignore_begin() {
#ifdef TPFUZZ_INTERNAL_TSAN
  __tsan_ignore_thread_begin();
#endif
}
inline void ignore_end() {
#ifdef TPFUZZ_INTERNAL_TSAN
  __tsan_ignore_thread_end();
#endif
}

}  // namespace tpfuzz::internal
