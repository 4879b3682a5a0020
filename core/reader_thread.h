// Threads become readers by themselves. liburcu waits only for threads on its list, so `read_lock` puts the calling
// thread there when the thread comes for the first time, and the thread leaves the list when it ends:
//
//   1. read_lock tests the bit `registered` of liburcu's own thread-local reader: all that a later section pays
//   2. enlist: with signals blocked, liburcu's registration, and a value for the key whose destructor is 3
//   3. at the thread's end: after the last round of the destructors of keys, with signals blocked, off the list
//
// Signals are blocked as liburcu holds a lock over its list meanwhile: a handler's hit would wait for the lock that its
// own thread holds. For the same reason a thread that waits for a grace period enlists first. SIGTRAP and what a fault
// raises stay: a blocked one of these ends the program.
//
// A thread that has registered with liburcu by itself (urcu_memb_register_thread) is left alone, until it unregisters.
//
// A forked child has one thread, but liburcu's list has those of the parent. So all threads are on a list of ours, too,
// and a child takes the others off both.
#pragma once

#include <urcu/static/urcu-common.h>

#include "core/domain.h"

// Declared as what they are, constant-initialised: else C++ asks before each access whether they have to be
// constructed.
extern "C" {
extern constinit thread_local struct urcu_reader urcu_memb_reader;
extern constinit thread_local struct urcu_reader urcu_mb_reader;
}

namespace tpfuzz::internal::rcu {

/// What liburcu knows of the calling thread.
template <Domain domain>
urcu_reader& this_reader() {
  return domain == Domain::rcu ? urcu_memb_reader : urcu_mb_reader;
}

/// Makes the calling thread a reader of `domain` for as long as it lives. Ends the program if the thread is past its
/// last destructor, or if the system has no key left.
template <Domain domain>
void enlist();

/// The same, unless it is one.
template <Domain domain>
void enlist_if_new() {
  if (!this_reader<domain>().registered) [[unlikely]]
    enlist<domain>();
}

/// Around a fork: no thread is on its way onto the list or off it. The child's list has its one thread alone.
void lock_threads();
void unlock_threads();
void forget_other_threads();

}  // namespace tpfuzz::internal::rcu
