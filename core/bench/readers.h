// Reader threads for a benchmark: each runs the same body until the object goes.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "core/rcu.h"

namespace tp::bench {

/// Starts and joins in one thread; the bodies run beside it.
class Readers {
 public:
  /// Starts `threads` readers that call `body()` over and over, and returns when each has begun its second round.
  template <class Body>
  Readers(int threads, Body body) {
    for (int i = 0; i < threads; ++i)
      threads_.emplace_back([this, body] {
        const rcu::Thread reader;
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
  std::atomic<int> begun_{0};
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

}  // namespace tp::bench
