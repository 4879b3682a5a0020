#include "fuzz/explore/trials.h"

namespace tpfuzz {
namespace {

constexpr long kProgressEvery = 256;  // executions

}  // namespace

bool Trials::reproduces(const Sequence& sequence) {
  if (over()) return false;
  const bool shown = try_out(sequence);
  if (shown) remember(sequence);
  ++executions_;
  if ((executor_ == nullptr || executions_ % kProgressEvery == 0) && best_) stopped_ = !progress_(*this);
  return shown;
}

bool Trials::try_out(const Sequence& sequence) {
  if (executor_ == nullptr) return shows_(sequence);
  const Execution execution = executor_->run(sequence);
  trace_ = &execution.trace;
  return wanted_(sequence, execution);
}

void Trials::remember(const Sequence& sequence) {
  Complexity complexity(sequence);
  if (complexity_ && *complexity_ <= complexity) return;
  complexity_ = std::move(complexity);
  best_ = sequence;
}

}  // namespace tpfuzz
