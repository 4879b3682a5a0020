#include "fuzz/oracle/reference.h"

#include <algorithm>
#include <cerrno>

namespace tpfuzz {
namespace {

Plan failed(int result, const ProbeList& list) { return {result, Plan::Change::none, list}; }

Plan plan_register(const Operation& operation, const Sequence& sequence, const ProbeList& list) {
  if (list.empty() && operation.hook_fails) return failed(-EPERM, list);
  if (operation.probes == 0) return failed(-EINVAL, list);
  const Registered probe = registered_by(operation, sequence);
  if (contains(list, probe.slot)) return failed(-EEXIST, list);
  if (operation.fail == 1) return failed(-ENOMEM, list);
  Plan plan{0, Plan::Change::publish, list};
  insert(plan.list, probe);
  plan.transition = tp::transition_of(true, static_cast<int>(plan.list.size()));
  return plan;
}

Plan plan_unregister(const Operation& operation, const ProbeList& list, const Rules& rules) {
  if (list.empty()) return failed(-ENOENT, list);
  Plan plan{0, Plan::Change::publish, list};
  remove(plan.list, operation.probes);
  if (!plan.list.empty() && operation.fail == 1) {
    if (rules.enomem_fails) return failed(-ENOMEM, list);
    plan.change = plan.list == list ? Plan::Change::none : Plan::Change::stub;
    return plan;
  }
  plan.transition = tp::transition_of(false, static_cast<int>(plan.list.size()));
  plan.one_by_one = !rules.removes_at_once && list.size() - plan.list.size() > 1;
  return plan;
}

// The first registration enables, before it does anything else, and disables again if it fails then; the last removal
// disables.
HookRuns hooks_of(const Plan& plan, bool registers, bool was_empty, const Rules& rules) {
  if (!rules.hooks) return {};
  if (!registers) return {0, plan.transition == tp::Transition::remove_last ? 1 : 0};
  if (!was_empty) return {};
  const bool undoes = rules.failed_add_disables && plan.result != 0 && plan.result != -EPERM;
  return {1, undoes ? 1 : 0};
}

// Whether it allocates an array: where something is left, also if that fails.
bool allocates(const Plan& plan, bool was_empty) { return !was_empty && !plan.list.empty(); }

}  // namespace

Plan plan(const Operation& operation, const Sequence& sequence, const ProbeList& list, const Rules& rules) {
  const bool registers = operation.verb == Verb::register_probe;
  Plan plan = registers ? plan_register(operation, sequence, list) : plan_unregister(operation, list, rules);
  plan.hooks = hooks_of(plan, registers, list.empty(), rules);
  return plan;
}

// The tracepoints allocate one after the other: which allocation fails is counted over all of them.
Parts plan_parts(const Operation& operation, const Sequence& sequence, const Lists& lists, const Rules& rules) {
  Parts parts;
  if (!spans_tracepoints(operation)) {
    parts.push_back({operation.tp, plan(operation, sequence, *lists[operation.tp], rules)});
    return parts;
  }
  Operation part = operation;
  part.further = {};
  for_each_tracepoint(operation, [&](int tp) {
    const ProbeList& list = *lists[static_cast<std::size_t>(tp)];
    part.probes = probes_at(operation, tp);
    parts.push_back({tp, plan(part, sequence, list, rules)});
    if (part.fail > 0 && allocates(parts.back().plan, list.empty())) --part.fail;
  });
  return parts;
}

int result_of(const Parts& parts) {
  const auto failed = std::ranges::find_if(parts, [](const PlanPart& part) { return part.plan.result != 0; });
  return failed != parts.end() ? failed->plan.result : 0;
}

}  // namespace tpfuzz
