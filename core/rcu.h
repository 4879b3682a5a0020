// Grace periods: liburcu's memb flavour, plus what its version 0.13 lacks, a cookie.
//
// A cookie names a grace period by number. All grace periods that cookies count run through `synchronize` and `await`,
// one after the other (grace_periods.h).
//
// Thread-safe. Readers must hold a `Thread`, and must not wait for a grace period inside their section.
#pragma once

#include <urcu/urcu-memb.h>

#include <cstddef>

namespace tp::rcu {

/// Makes the calling thread a reader for as long as it lives.
class Thread {
 public:
  Thread() { urcu_memb_register_thread(); }
  ~Thread() { urcu_memb_unregister_thread(); }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;
};

/// A reader's section; sections nest. Functions, and not in line: a call site stays two calls small, and what liburcu
/// puts in line stays inside the library.
void read_lock();
void read_unlock();

using Cookie = unsigned long;

/// Waits for a full grace period: every reader that is in its section now has left it.
void synchronize();

/// A cookie for the state now.
Cookie snapshot();

/// Whether a full grace period has passed since `cookie` was taken.
bool poll(Cookie cookie);

/// Waits until `poll(cookie)`: for at most one grace period of its own, and for none if it holds already.
void await(Cookie cookie);

/// How many grace periods `synchronize` and `await` have waited for.
unsigned long waited();

/// What a block carries at its start to be freed later.
using Header = rcu_head;

/// Frees the malloc'ed block that starts with `header` after a grace period, in the background.
void defer_free(Header* header);

/// Waits until everything deferred so far is freed.
void drain();

/// Around a fork, so that the child finds nothing half done by threads that it does not have. `before_fork` waits for a
/// grace period that is under way.
void before_fork();
void after_fork_in_parent();
void after_fork_in_child();

}  // namespace tp::rcu
