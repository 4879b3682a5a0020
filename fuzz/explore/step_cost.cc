#include "fuzz/explore/step_cost.h"

#include <algorithm>
#include <span>

namespace tpfuzz {
namespace {

using tp::Point;
using tp::Step;

bool always(const Step& step) { return step.condition == Step::Condition::always; }

int domains(const Step& step) {
  int count = int{step.own};
  step.domains.for_each([&](tp::Domain) { ++count; });
  return count;
}

// Whose grace periods `await` waits for that began in the same transition, for certain.
int taken_before(std::span<const Step> before, std::uint8_t cookie) {
  const auto snapshot = std::ranges::find_if(before.rbegin(), before.rend(), [cookie](const Step& step) {
    return step.what == Point::snapshot && step.cookie == cookie;
  });
  return snapshot == before.rend() || !always(*snapshot) ? 0 : domains(*snapshot);
}

}  // namespace

StepCost& StepCost::operator+=(const StepCost& other) {
  certain_waits += other.certain_waits;
  possible_waits += other.possible_waits;
  patches += other.patches;
  cookies += other.cookies;
  return *this;
}

StepCost step_cost(const std::vector<Step>& steps) {
  StepCost cost;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step& step = steps[i];
    const auto add_waits = [&](bool certain, int count) {
      (certain ? cost.certain_waits : cost.possible_waits) += count;
    };
    switch (step.what) {
      case Point::synchronize:
        add_waits(always(step), domains(step));
        break;
      case Point::await: {
        const int taken = taken_before(std::span(steps).first(i), step.cookie);
        add_waits(taken > 0 && always(step), std::max(taken, 1));
        break;
      }
      case Point::await_worker:
        add_waits(false, 1);
        break;
      case Point::snapshot:
        cost.cookies += always(step) ? 2 : 1;
        break;
      case Point::update_call:
      case Point::call_iterator:
      case Point::enable_key:
      case Point::disable_key:
        ++cost.patches;
        break;
      default:
        break;
    }
  }
  return cost;
}

StepCost step_cost(const tp::Protocol& protocol) {
  StepCost cost;
  for (const auto& steps : protocol.steps) cost += step_cost(steps);
  return cost;
}

}  // namespace tpfuzz
