// The oracle: watches an execution and holds its history against the invariants. The first violation ends the run.
#pragma once

#include "fuzz/oracle/cost.h"
#include "fuzz/oracle/history.h"
#include "fuzz/oracle/verdict.h"

namespace tpfuzz {

class Oracle final : public Observer {
 public:
  /// Judges from now on an execution of `sequence`; `enomem_fails` as Subject says.
  void start(const Sequence& sequence, bool enomem_fails);

  bool observe(Event event) override;
  bool at_rest(const Event& completed, const Observation& observation, int blocks) override;

  const Verdict& verdict() const { return verdict_; }
  const Cost& cost() const { return cost_; }

 private:
  std::optional<Invariant> broken_before(const Event& event) const;
  std::optional<Invariant> broken_after(const Event& event) const;
  Violation violation(Invariant invariant, const Event& event) const;

  History history_;
  Verdict verdict_;
  Cost cost_;
};

}  // namespace tpfuzz
