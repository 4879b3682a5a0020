// The worker of the mail of 2021-07-26: a registration notes that one more synchronisation is wanted (`queue`), a later
// one waits until none is outstanding, and a worker carries the synchronisations out. The mail's sync_number is
// `requested_`, its last_sync_number is `marked_`.
//
// The sketch marks a request *before* it synchronises, so that somebody who waits for the mark does not wait for the
// grace period. Marked after it, the idea is right.
#pragma once

#include <atomic>

#include "core/domain.h"
#include "core/points.h"
#include "core/shared_words.h"

namespace tpfuzz::internal {

template <class Env>
class Worker {
 public:
  /// One more synchronisation is wanted. Under the registration mutex.
  void queue() {
    requested_.fetch_add(1, std::memory_order_release);
    Env::start_worker(*this);
  }

  /// Whether a request is not marked yet. Acquire: who sees the mark sees what the readers left behind.
  bool outstanding() const {
    return requested_.load(std::memory_order_relaxed) != marked_.load(std::memory_order_acquire);
  }

  /// The sketch's order, or the right one (the default).
  void set_order(bool marks_first) { marks_first_.store(marks_first, std::memory_order_relaxed); }

  /// One run: one grace period of ordinary readers for all requests so far. Called by one CPU at a time, while
  /// `outstanding()`.
  void run_once() {
    Env::point(Point::queued);
    const bool marks_first = marks_first_.load(std::memory_order_relaxed);
    taken_ = requested_.load(std::memory_order_acquire);
    if (marks_first) mark();
    Env::point(before(Point::synchronize));
    Env::synchronize(Domain::rcu);
    Env::point(Point::synchronize);
    if (!marks_first) mark();
  }

  /// How many requests there were, how many of them are marked, and which number the latest run has taken: to be saved
  /// and put back while nobody else runs. The numbers are only compared.
  struct Counters {
    unsigned long requested = 0;
    unsigned long marked = 0;
    unsigned long taken = 0;
  };
  Counters counters() const {
    return {requested_.load(std::memory_order_relaxed), marked_.load(std::memory_order_relaxed), taken_};
  }
  void set_counters(const Counters& counters) {
    requested_.store(counters.requested, std::memory_order_relaxed);
    marked_.store(counters.marked, std::memory_order_relaxed);
    taken_ = counters.taken;
  }

  /// As after construction; only while no CPU is in `run_once`.
  void reset() { set_counters({}); }

 private:
  void mark() {
    Env::point(before(Point::mark));
    marked_.store(taken_, std::memory_order_release);
    Env::point(Point::mark);
  }

  using Counter = typename Env::Words::template Atomic<unsigned long, touched::worker>;

  Counter requested_{0};
  Counter marked_{0};
  unsigned long taken_ = 0;  // of one CPU at a time
  std::atomic<bool> marks_first_{false};
};

}  // namespace tpfuzz::internal
