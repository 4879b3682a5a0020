// The two engines that take the schedule from the sequence's text.
//
//   lockstep   fibers of one thread, and a model of grace periods: fast, and the same on every run
//   threads    OS threads, liburcu's grace periods, and a membarrier after each patch: the schedule of lockstep, point
//              for point. It confirms that a finding is no artefact of the model.
#pragma once

#include <memory>

#include "fuzz/engine/scheduled_engine.h"

namespace tpfuzz {

enum class EngineKind : std::uint8_t { lockstep, threads };

/// A scheduled engine with the parts that it is made of.
class EngineParts {
 public:
  virtual ~EngineParts() = default;
  virtual ScheduledEngine& engine() = 0;
};

/// An engine of `kind` for `subject` that takes its schedule from `scheduler`, or from the text if that is nullptr.
std::unique_ptr<EngineParts> make_engine(Subject& subject, EngineKind kind, Scheduler* scheduler = nullptr);

}  // namespace tpfuzz
