#include "core/reader_thread.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <urcu/urcu-memb.h>
// After that one, which shares names with it.
#include <urcu/urcu-mb.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <mutex>

#include "core/annotate.h"

namespace tpfuzz::internal::rcu {
namespace {

// What we know of a thread: of each domain liburcu's reader, if we have registered the thread there. On our list while
// there is one.
struct Enlisted {
  std::array<urcu_reader*, kDomains> readers{};
  int rounds = 0;  // of the destructors of keys, at the thread's end
  Enlisted* next = nullptr;
  Enlisted** link = nullptr;  // what points to it
};

constinit thread_local Enlisted this_thread;

// The round in which a thread leaves the list: the last one. ThreadSanitizer, too, ends a thread in that round, and
// before us.
#ifdef TPFUZZ_INTERNAL_TSAN
constexpr int kLastRound = PTHREAD_DESTRUCTOR_ITERATIONS - 1;
#else
constexpr int kLastRound = PTHREAD_DESTRUCTOR_ITERATIONS;
#endif

std::mutex threads_mutex;
Enlisted* threads = nullptr;

[[noreturn]] void give_up(const char* why) {
  std::fprintf(stderr, "tracepoints: %s\n", why);
  std::abort();
}

class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    for (const int signal : {SIGTRAP, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) sigdelset(&all, signal);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

void put_on_list(Enlisted& thread) {
  thread.next = threads;
  thread.link = &threads;
  if (threads != nullptr) threads->link = &thread.next;
  threads = &thread;
}

void take_off_list(Enlisted& thread) {
  *thread.link = thread.next;
  if (thread.next != nullptr) thread.next->link = thread.link;
  thread.link = nullptr;
}

template <Domain domain>
void register_with_liburcu() {
  domain == Domain::rcu ? urcu_memb_register_thread() : urcu_mb_register_thread();
}

void unregister_from_liburcu(Domain domain) {
  if (domain == Domain::rcu ? urcu_memb_reader.registered : urcu_mb_reader.registered)
    domain == Domain::rcu ? urcu_memb_unregister_thread() : urcu_mb_unregister_thread();
}

pthread_key_t end_of_thread();

// The destructors of other keys may hit tracepoints, too, in whatever order they come: so the last round counts.
void leave(void* /*not null*/) {
  if (++this_thread.rounds < kLastRound) {
    pthread_setspecific(end_of_thread(), &this_thread);
    return;
  }
  const SignalsBlocked blocked;
  const std::scoped_lock lock(threads_mutex);
  for (const Domain domain : kAllDomains)
    if (this_thread.readers[static_cast<std::size_t>(domain)] != nullptr) unregister_from_liburcu(domain);
  this_thread.readers = {};
  take_off_list(this_thread);
}

pthread_key_t end_of_thread() {
  static const pthread_key_t key = [] {
    pthread_key_t made = 0;
    if (pthread_key_create(&made, &leave) != 0) give_up("pthread_key_create: no key is left");
    return made;
  }();
  return key;
}

}  // namespace

template <Domain domain>
void enlist() {
  const SignalsBlocked blocked;
  if (this_reader<domain>().registered) return;  // by a handler, until the signals were blocked
  if (this_thread.rounds == kLastRound) give_up("a thread hits a tracepoint after the last of its destructors");
  {
    const std::scoped_lock lock(threads_mutex);
    register_with_liburcu<domain>();
    if (this_thread.link == nullptr) put_on_list(this_thread);
    this_thread.readers[static_cast<std::size_t>(domain)] = &this_reader<domain>();
  }
  // After the registration: where this allocates, the allocator may hit a tracepoint.
  if (pthread_setspecific(end_of_thread(), &this_thread) != 0) give_up("pthread_setspecific: out of memory");
}

template void enlist<Domain::rcu>();
template void enlist<Domain::tasks>();

void lock_threads() { threads_mutex.lock(); }

void unlock_threads() { threads_mutex.unlock(); }

void forget_other_threads() {
  for (Enlisted* thread = threads; thread != nullptr; thread = thread->next) {
    if (thread == &this_thread) continue;
    take_off_list(*thread);
    for (urcu_reader* const reader : thread->readers)
      if (reader != nullptr) cds_list_del(&reader->node);
  }
}

}  // namespace tpfuzz::internal::rcu
