#include "fuzz/engine/engines.h"

#include "fuzz/engine/fiber_carrier.h"
#include "fuzz/engine/real_grace_periods.h"
#include "fuzz/engine/text_schedule.h"
#include "fuzz/engine/thread_carrier.h"

namespace tpfuzz {
namespace {

class Lockstep final : public EngineParts {
 public:
  Lockstep(Subject& subject, Scheduler* scheduler)
      : engine_(subject, carrier_, grace_periods_, scheduler != nullptr ? *scheduler : schedule_) {}
  ScheduledEngine& engine() override { return engine_; }

 private:
  FiberCarrier carrier_;
  ModelGracePeriods grace_periods_;
  TextSchedule schedule_;
  ScheduledEngine engine_;
};

class Threads final : public EngineParts {
 public:
  Threads(Subject& subject, Scheduler* scheduler)
      : carrier_(threads_),
        grace_periods_(threads_),
        engine_(subject, carrier_, grace_periods_, scheduler != nullptr ? *scheduler : schedule_) {}
  ScheduledEngine& engine() override { return engine_; }

 private:
  CpuThreads threads_;
  ThreadCarrier carrier_;
  RealGracePeriods grace_periods_;
  TextSchedule schedule_;
  ScheduledEngine engine_;
};

}  // namespace

std::unique_ptr<EngineParts> make_engine(Subject& subject, EngineKind kind, Scheduler* scheduler) {
  if (kind == EngineKind::threads) return std::make_unique<Threads>(subject, scheduler);
  return std::make_unique<Lockstep>(subject, scheduler);
}

}  // namespace tpfuzz
