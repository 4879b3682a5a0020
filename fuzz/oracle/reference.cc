#include "fuzz/oracle/reference.h"

#include <algorithm>
#include <bit>
#include <cerrno>

namespace tpfuzz {
namespace {

Plan failed(int result, const ProbeList& list) { return {result, Plan::Change::none, list, {}, {}}; }

Plan plan_register(const Operation& operation, const Sequence& sequence, const ProbeList& list) {
  if (list.empty() && operation.hook_fails) return failed(-EPERM, list);
  if (operation.probes == 0) return failed(-EINVAL, list);
  const auto slot = static_cast<std::uint8_t>(std::countr_zero(operation.probes));
  if (std::ranges::find(list, slot, &Registered::slot) != list.end()) return failed(-EEXIST, list);
  if (operation.fail == 1) return failed(-ENOMEM, list);
  Plan plan{0, Plan::Change::publish, list, {}, {}};
  const std::int8_t prio = operation.prio.value_or(sequence.probes[slot].value_or(Probe{}).prio);
  const auto behind = std::ranges::find_if(plan.list, [&](const Registered& other) { return other.prio < prio; });
  plan.list.insert(behind, Registered{slot, prio});
  plan.transition = tp::transition_of(true, static_cast<int>(plan.list.size()));
  return plan;
}

Plan plan_unregister(const Operation& operation, const ProbeList& list, bool enomem_fails) {
  if (list.empty()) return failed(-ENOENT, list);
  Plan plan{0, Plan::Change::publish, {}, {}, {}};
  for (const Registered& probe : list)
    if (operation.probes != 0 && (operation.probes >> probe.slot & 1) == 0) plan.list.push_back(probe);
  if (!plan.list.empty() && operation.fail == 1) {
    if (enomem_fails) return failed(-ENOMEM, list);
    plan.change = plan.list == list ? Plan::Change::none : Plan::Change::stub;
    return plan;
  }
  plan.transition = tp::transition_of(false, static_cast<int>(plan.list.size()));
  return plan;
}

// The first registration enables, before it does anything else, and disables again if it fails then; the last removal
// disables.
HookRuns hooks_of(const Plan& plan, bool registers, bool was_empty) {
  if (!registers) return {0, plan.transition == tp::Transition::remove_last ? 1 : 0};
  if (!was_empty) return {};
  return {1, plan.result != 0 && plan.result != -EPERM ? 1 : 0};
}

}  // namespace

Plan plan(const Operation& operation, const Sequence& sequence, const ProbeList& list, bool enomem_fails) {
  const bool registers = operation.verb == Verb::register_probe;
  Plan plan = registers ? plan_register(operation, sequence, list) : plan_unregister(operation, list, enomem_fails);
  plan.hooks = hooks_of(plan, registers, list.empty());
  return plan;
}

}  // namespace tpfuzz
