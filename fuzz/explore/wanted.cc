#include "fuzz/explore/wanted.h"

#include "fuzz/oracle/history.h"

namespace tpfuzz {
namespace {

// A result that is the reference model's, where the text expects another.
struct Mismatch {
  Verb verb;
  int returned;
  int expected;
  bool operator==(const Mismatch&) const = default;
};

// The one that an execution of `sequence` ended with.
std::optional<Mismatch> mismatch(const Sequence& sequence, const Execution& execution, const Rules& rules) {
  if (execution.verdict->invariant != Invariant::result) return std::nullopt;
  const Event& last = execution.trace.events().back();
  const Operation& operation = sequence.operations[last.operation];
  if (operation.expect.value_or(last.result) == last.result) return std::nullopt;
  History history;
  history.start(sequence, rules);
  for (const Event& event : execution.trace.events()) history.add(event);
  if (history.due_result(last) != last.result) return std::nullopt;
  return Mismatch{operation.verb, last.result, *operation.expect};
}

}  // namespace

Trials::Wanted same_as(const Sequence& finding, const Execution& execution, const Rules& rules, Keep keep) {
  return [violation = *execution.verdict, its = mismatch(finding, execution, rules), rules, keep](
             const Sequence& sequence, const Execution& other) {
    if (!other.verdict || other.verdict->invariant != violation.invariant) return false;
    return (keep == Keep::invariant || *other.verdict == violation) && mismatch(sequence, other, rules) == its;
  };
}

}  // namespace tpfuzz
