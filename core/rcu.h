// Grace periods: two flavours of liburcu, plus what its version 0.13 lacks, a cookie. Flavours know nothing of each
// other: each is a domain (domain.h) of its own.
//
//   rcu     memb
//   tasks   mb
//
// A cookie names a grace period of its domain by number. All grace periods that cookies count run through `synchronize`
// and `await`, one after the other (grace_periods.h).
//
// Thread-safe. A reader must not wait for a grace period of a domain inside a section of it. Threads need no
// registration (reader_thread.h).
#pragma once

#include <urcu/urcu-memb.h>
// After that one: what defers and forks is declared for the first flavour alone.
#include <urcu/urcu-mb.h>

#include <array>
#include <cstddef>

#include "core/domain.h"

namespace tpfuzz::internal::rcu {

/// Makes the calling thread a reader of both domains now. `read_lock` does so, too, when a thread comes for the first
/// time: this is for threads that can't wait then (for a lock, and for a system call or two). Any number of times.
void register_thread();

/// A reader's section; sections nest. Functions, and not in line: a call site stays two calls small, and what liburcu
/// puts in line stays inside the library.
template <Domain domain = Domain::rcu>
void read_lock();
template <Domain domain = Domain::rcu>
void read_unlock();

using Cookie = unsigned long;

/// Waits for a full grace period: every reader that is in its section now has left it.
template <Domain domain = Domain::rcu>
void synchronize();

/// A cookie for the state now.
template <Domain domain = Domain::rcu>
Cookie snapshot();

/// Whether a full grace period has passed since `cookie` was taken.
template <Domain domain = Domain::rcu>
bool poll(Cookie cookie);

/// Waits until `poll(cookie)`: for at most one grace period of its own, and for none if it holds already.
template <Domain domain = Domain::rcu>
void await(Cookie cookie);

/// How many grace periods `synchronize` and `await` have waited for.
template <Domain domain = Domain::rcu>
unsigned long waited();

/// What a block carries at its start to be freed later.
using Header = rcu_head;

/// Calls `function(header)` after a grace period, in the background.
template <Domain domain = Domain::rcu>
void defer(Header* header, void (*function)(Header*));

/// Frees the malloc'ed block that starts with `header` after a grace period, in the background.
template <Domain domain = Domain::rcu>
void defer_free(Header* header);

/// The same after a grace period of each of `domains`, one after the other; of none, now.
void defer_free(Header* header, Domains domains);

/// Those of `domains` of which no full grace period has passed since their cookie was taken.
Domains outstanding(Domains domains, const std::array<Cookie, kDomains>& cookies);

/// Waits until everything deferred so far is done; without a domain, in both.
template <Domain domain>
void drain();
void drain();

/// Around a fork, so that the child finds nothing half done by threads that it does not have, and none of these threads
/// as a reader. `before_fork` waits for the grace periods that are under way.
void before_fork();
void after_fork_in_parent();
void after_fork_in_child();

}  // namespace tpfuzz::internal::rcu
