#include "repro/minimize/trials.h"

namespace tpfuzz {
namespace {

constexpr long kProgressEvery = 256;  // executions

}  // namespace

bool Trials::show(const Sequence& sequence) {
  if (over()) return false;
  const Execution execution = executor_.run(sequence);
  trace_ = &execution.trace;
  const bool shown = wanted_(sequence, execution);
  if (shown) remember(sequence);
  if (++executions_ % kProgressEvery == 0 && best_) stopped_ = !progress_(*this);
  return shown;
}

void Trials::remember(const Sequence& sequence) {
  Simplicity simplicity(sequence);
  if (simplicity_ && *simplicity_ <= simplicity) return;
  simplicity_ = std::move(simplicity);
  best_ = sequence;
}

}  // namespace tpfuzz
