#include "repro/check/explorations.h"

namespace tpfuzz {
namespace {

constexpr std::optional<int> kAnyNumber{};
constexpr std::uint64_t kMain = 400'000;
constexpr std::uint64_t kMostOfMain = 2'000'000;
constexpr std::uint64_t kOther = 100'000;

constexpr ExplorationPlan kPlans[] = {
    {"", {.operations = kAnyNumber}, kMain, kMainOperations, kMostOfMain},
    {"any number of hits", {.operations = kAnyNumber, .hits = kAnyNumber}, kOther},
    {"2 readers", {.operations = kAnyNumber, .readers = 2}, kOther},
    {"2 writers", {.operations = kAnyNumber, .writers = 2}, kOther},
    {"4 probes", {.operations = kAnyNumber, .probes = kProbesOfSet}, kOther},
    {"2 tracepoints", {.operations = kAnyNumber, .tracepoints = 2}, kOther},
    {"failing allocations", {.operations = kAnyNumber, .failing = true}, kOther},
    {"faultable readers", {.operations = kAnyNumber, .faultable = true}, kMain, kMainOperations, kMostOfMain},
    {"2 tracepoints with readers of one kind each",
     {.operations = kAnyNumber, .probes = 2, .tracepoints = 2, .mixed = true},
     kOther},
};

}  // namespace

std::span<const ExplorationPlan> exploration_plans() { return kPlans; }

Obstacle obstacle(Subject& subject, const tp::Protocol& protocol) {
  if (!ScheduledEngine::kCanSave) return Obstacle::sanitizer;
  if (subject.memory() == nullptr) return Obstacle::no_memory;
  return protocol.trap == tp::TrapHandler::stateless ? Obstacle::none : Obstacle::trap;
}

std::optional<Bounds> Exploration::covered() const {
  if (!ran() || explored.broken) return std::nullopt;
  Bounds covered = bounds;
  if (!explored.complete) covered.operations = explored.operations - 1;
  if (covered.operations && *covered.operations < 1) return std::nullopt;
  return covered;
}

Exploration explore_plan(Subject& subject, const ExplorationPlan& plan,
                         const std::function<bool(const Explored&)>& goes_on) {
  const ExploreOptions options{.progress = [&](const Explored& explored) {
    const std::uint64_t limit = explored.operations > plan.operations ? plan.states : plan.most;
    return goes_on(explored) && explored.states < limit;
  }};
  return {plan.label, plan.bounds, explore(subject, plan.bounds, options), {}};
}

}  // namespace tpfuzz
