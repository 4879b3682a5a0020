// Reader threads for a benchmark: each runs the same body until the object goes.
//
// Reader i is bound to the i-th core that the process may use, so that every core has one. Where other programs take
// these cores, readers are off them much of the time, patch barriers find nobody to interrupt, and patching looks up to
// fifty times faster than it is beside readers that really run. `Cores` tells: a figure under load is worth something
// if all cores were ours.
#pragma once

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

#include "core/rcu.h"

namespace tpfuzz::internal::bench {

/// Starts and joins in one thread; the bodies run beside it.
class Readers {
 public:
  /// Starts `threads` readers that call `body()` over and over, and returns when each has begun its second round.
  template <class Body>
  Readers(int threads, Body body) {
    for (int i = 0; i < threads; ++i)
      threads_.emplace_back([this, i, body] {
        bind(i);
        body();
        begun_.fetch_add(1, std::memory_order_relaxed);
        while (!stop_.load(std::memory_order_relaxed)) body();
      });
    while (begun_.load(std::memory_order_relaxed) < threads) std::this_thread::yield();
  }
  ~Readers() {
    stop_.store(true, std::memory_order_relaxed);
    for (std::thread& thread : threads_) thread.join();
  }
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

 private:
  // The i-th core, counted around; no effect where the system refuses.
  static void bind(int i) {
    cpu_set_t usable;
    if (sched_getaffinity(0, sizeof usable, &usable) != 0) return;
    int left = i % CPU_COUNT(&usable);
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (!CPU_ISSET(cpu, &usable) || left-- > 0) continue;
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(cpu, &one);
      pthread_setaffinity_np(pthread_self(), sizeof one, &one);
      return;
    }
  }

  std::atomic<int> begun_{0};
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

/// How many cores this process kept busy between `start` and `stop`, on average, over all its rounds.
class Cores {
 public:
  void start() {
    cpu_ -= cpu_seconds();
    real_ -= real_seconds();
  }
  void stop() {
    cpu_ += cpu_seconds();
    real_ += real_seconds();
  }
  double busy() const { return cpu_ / real_; }

 private:
  static double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  }
  static double real_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }

  double cpu_ = 0;
  double real_ = 0;
};

}  // namespace tpfuzz::internal::bench
