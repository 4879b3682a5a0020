#include "fuzz/engine/thread_carrier.h"

#include "core/native_env.h"
#include "fuzz/engine/watchdog.h"

namespace tpfuzz {

void ThreadCarrier::run(int cpu, Fiber& fiber) {
  const auto resume = [](void* its) {
    const Watched watched;
    static_cast<Fiber*>(its)->resume();
  };
  threads_.of(cpu).run(resume, &fiber);
}

void ThreadCarrier::text_changed() { tp::NativeEnv::patch_barrier(); }

}  // namespace tpfuzz
