// What runs the CPUs of an execution, each a fiber: the one thread of lockstep, or a thread a CPU.
#pragma once

#include "fuzz/engine/fiber.h"

namespace tpfuzz {

class Carrier {
 public:
  virtual ~Carrier() = default;

  /// Runs `fiber`, which is the one of `cpu`, until the fiber suspends. From the thread that runs the execution.
  virtual void run(int cpu, Fiber& fiber) = 0;

  /// Whether a stack that no operation is in the middle of may serve any CPU: so an operation can begin where another
  /// one has ended.
  virtual bool stacks_are_alike() const = 0;

  /// `cpu` begins an operation on the stack that runs now, which was another CPU's. If `stacks_are_alike`.
  virtual void takes_over(int cpu) = 0;

  /// Text was written: every CPU must see this text when it runs next. On any CPU, and from outside.
  virtual void text_changed() = 0;
};

}  // namespace tpfuzz
