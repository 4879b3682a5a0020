// All CPUs on the thread that runs the execution.
#pragma once

#include "fuzz/engine/carrier.h"
#include "fuzz/engine/serialize.h"
#include "fuzz/sequence/cpu.h"

namespace tpfuzz {

class FiberCarrier final : public Carrier {
 public:
  void run(int cpu, Fiber& fiber) override {
    takes_over(cpu);
    fiber.resume();
  }
  // To ThreadSanitizer a fiber is its CPU.
  bool stacks_are_alike() const override { return !kThreadSanitizer; }
  // What the patcher wrote must be visible to the instruction fetch of a CPU that may run it: of readers alone.
  void takes_over(int cpu) override {
    if (!text_dirty_ || !is_reader(cpu)) return;
    serialize_core();
    text_dirty_ = false;
  }
  void text_changed() override { text_dirty_ = true; }

 private:
  bool text_dirty_ = false;
};

}  // namespace tpfuzz
