// What runs the CPUs of an execution, each a fiber: the one thread of lockstep, or a thread a CPU.
#pragma once

#include "fuzz/engine/fiber.h"

namespace tpfuzz {

class Carrier {
 public:
  virtual ~Carrier() = default;

  /// Runs `fiber`, which is the one of `cpu`, until the fiber suspends. From the thread that runs the execution.
  virtual void run(int cpu, Fiber& fiber) = 0;

  /// Text was written: every CPU must see this text when it runs next. On any CPU, and from outside.
  virtual void text_changed() = 0;
};

}  // namespace tpfuzz
