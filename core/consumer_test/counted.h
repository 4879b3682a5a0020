// A tracepoint and its use, compiled into the program and into the object that the program loads.
#pragma once

#include <tpfuzz/tracepoint.h>

#include <thread>

TPFUZZ_TRACEPOINT_DECLARE(counted, void(int));
TPFUZZ_TRACEPOINT_DEFINE(counted);

namespace {

void add_to(void* sum, int value) { *static_cast<int*>(sum) += value; }

[[gnu::noinline]] void pass(int value) { counted.hit(value); }

/// What a probe has seen of one hit in this thread and one in another: 3 if all is well.
[[maybe_unused]] int sum_of_two() {
  int sum = 0;
  if (counted.register_probe(&add_to, &sum) != 0) return -1;
  pass(1);
  std::thread([] { pass(2); }).join();
  if (counted.unregister_probe(&add_to, &sum) != 0) return -1;
  tpfuzz::synchronize();
  pass(4);
  return sum;
}

}  // namespace
