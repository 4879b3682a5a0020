// Each CPU on an OS thread of its own, one at a time.
#pragma once

#include <array>
#include <memory>

#include "fuzz/engine/carrier.h"
#include "fuzz/engine/cpu_thread.h"
#include "fuzz/engine/real_domain.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

class CpuThreads {
 public:
  CpuThreads() {
    real_domain(0);  // all are made before the threads: to ThreadSanitizer, no thread sees what is made later
    for (auto& its : threads_) its = std::make_unique<CpuThread>();
  }
  CpuThread& of(int cpu) { return *threads_[static_cast<std::size_t>(cpu)]; }

 private:
  std::array<std::unique_ptr<CpuThread>, kMaxCpus> threads_;
};

class ThreadCarrier final : public Carrier {
 public:
  explicit ThreadCarrier(CpuThreads& threads) : threads_(threads) {}

  void run(int cpu, Fiber& fiber) override;
  bool stacks_are_alike() const override { return false; }
  void takes_over(int /*cpu*/) override {}

  // Every core that runs this process serialises before it runs text that was written before.
  void text_changed() override;

 private:
  CpuThreads& threads_;
};

}  // namespace tpfuzz
