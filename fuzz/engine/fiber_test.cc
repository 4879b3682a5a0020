#include "fuzz/engine/fiber.h"

#include <gtest/gtest.h>

#include <memory>

namespace tpfuzz {
namespace {

struct Counter {
  std::unique_ptr<Fiber> fiber;
  int starts = 0;
  int steps = 0;

  static void count(void* argument) {
    auto& counter = *static_cast<Counter*>(argument);
    volatile char frame[512] = {};  // something that a restart abandons
    ++counter.starts;
    for (;;) {
      frame[counter.steps % 512] = 1;
      ++counter.steps;
      counter.fiber->suspend();
    }
  }
};

TEST(Fiber, GoesOnWhereItSuspended) {
  Counter counter;
  counter.fiber = std::make_unique<Fiber>(&Counter::count, &counter);
  counter.fiber->order_after_outside();
  for (int i = 0; i < 3; ++i) counter.fiber->resume();
  counter.fiber->order_before_outside();
  EXPECT_EQ(counter.starts, 1);
  EXPECT_EQ(counter.steps, 3);
}

TEST(Fiber, RestartAbandonsWhatItDid) {
  Counter counter;
  counter.fiber = std::make_unique<Fiber>(&Counter::count, &counter);
  for (int i = 0; i < 100'000; ++i) {
    counter.fiber->order_after_outside();
    counter.fiber->resume();
    counter.fiber->order_before_outside();
    counter.fiber->restart();
  }
  EXPECT_EQ(counter.starts, 100'000);
}

TEST(Fiber, ManyTakeTurns) {
  Counter counters[7];
  for (Counter& counter : counters) {
    counter.fiber = std::make_unique<Fiber>(&Counter::count, &counter);
    counter.fiber->order_after_outside();
  }
  for (int round = 0; round < 1000; ++round)
    for (Counter& counter : counters) counter.fiber->resume();
  for (Counter& counter : counters) {
    counter.fiber->order_before_outside();
    EXPECT_EQ(counter.steps, 1000);
  }
}

}  // namespace
}  // namespace tpfuzz
