// Grace periods: liburcu's memb flavour, plus what its version 0.13 lacks, a cookie.
//
// A cookie names a grace period by number. All grace periods that cookies count run through `synchronize`, one after
// the other:
//
//   1. under a mutex: n = ++started
//   2. synchronize_rcu()
//   3. done = n
//
// `snapshot` returns started + 1: only a grace period that starts later counts, as one under way may have begun before
// a reader that the caller has to wait for. `poll` is true once done has reached the cookie. (The kernel's
// get_state_synchronize_rcu and cond_synchronize_rcu promise the same.)
//
// Thread-safe. Readers must hold a `Thread`, and must not wait for a grace period inside their section.
#pragma once

#include <cstddef>

// The read lock in line: 0.5 ns a section and not 8. (liburcu's licence, LGPL-2.1, allows small functions in line in
// programs of any licence.) Under ThreadSanitizer, which knows liburcu's functions by their calls, they stay calls.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define TP_RCU_OUT_OF_LINE
#endif
#endif
#ifndef TP_RCU_OUT_OF_LINE
#ifndef _LGPL_SOURCE
#define _LGPL_SOURCE
#endif
#include <urcu/static/urcu-common.h>
// Declared as what it is, constant-initialised: else C++ asks before each access whether it has to be constructed.
extern "C" {
extern constinit thread_local struct urcu_reader urcu_memb_reader;
}
#endif
#include <urcu/urcu-memb.h>

namespace tp::rcu {

/// Makes the calling thread a reader for as long as it lives.
class Thread {
 public:
  Thread() { urcu_memb_register_thread(); }
  ~Thread() { urcu_memb_unregister_thread(); }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;
};

[[gnu::always_inline]] inline void read_lock() { urcu_memb_read_lock(); }
[[gnu::always_inline]] inline void read_unlock() { urcu_memb_read_unlock(); }

using Cookie = unsigned long;

/// Waits for a full grace period: every reader that is in its section now has left it.
void synchronize();

/// A cookie for the state now.
Cookie snapshot();

/// Whether a full grace period has passed since `cookie` was taken.
bool poll(Cookie cookie);

/// Waits until `poll(cookie)`; at once if it holds already.
void await(Cookie cookie);

/// How many grace periods `synchronize` and `await` have waited for.
unsigned long waited();

/// What a block carries at its start to be freed later.
using Header = rcu_head;

/// Frees the malloc'ed block that starts with `header` after a grace period, in the background.
void defer_free(Header* header);

/// Waits until everything deferred so far is freed.
void drain();

}  // namespace tp::rcu
