#include "repro/diagram/recorder/selection.h"

#include <algorithm>

namespace tpfuzz {
namespace {

void add_operation_of(std::size_t event, const Recorder& recorder, std::vector<bool>& operations) {
  const auto [begin, end] = recorder.steps_of(event);
  for (std::size_t i = begin; i < end; ++i) operations[recorder.steps()[i].operation] = true;
}

}  // namespace

Selection::Selection(const Recorder& recorder, std::size_t end, bool violated, const std::vector<std::size_t>& named)
    : steps_(recorder.steps()),
      operations_(recorder.operations()),
      end_(end),
      spans_(operations_.size()),
      shown_(steps_.size()) {
  find_spans();
  std::vector<bool> operations = violated ? around(steps_[end - 1].operation) : that_meet();
  for (const std::size_t event : named) add_operation_of(event, recorder, operations);
  add_changes_between(operations);
  for (std::size_t i = 0; i < steps_.size(); ++i)
    shown_[i] = operations[steps_[i].operation] && !steps_[i].minor && !steps_[i].delay && (i < end_ || writes(i));
  for (const std::size_t event : named) show(event, recorder);
  add_what_they_are_after(operations);
}

std::optional<std::size_t> Selection::delayed_until(std::size_t step) const {
  const std::size_t other = next(step + 1);
  std::size_t goes_on = 0;
  for (std::size_t i = step; i < other; ++i)
    if (steps_[i].delay && steps_[i].operation == steps_[step].operation) goes_on = steps_[i].goes_on;
  if (other == steps_.size() || goes_on <= other) return std::nullopt;
  return std::min(goes_on, steps_.size());
}

std::size_t Selection::shown_before(std::size_t step) const {
  return static_cast<std::size_t>(std::count(shown_.begin(), shown_.begin() + static_cast<std::ptrdiff_t>(step), true));
}

bool Selection::folded(std::size_t step) const {
  std::size_t previous = step;
  while (previous-- > 0)
    if (shown_[previous] && steps_[previous].lane == steps_[step].lane) break;
  for (std::size_t i = previous + 1; i < step && previous < step; ++i)
    if (steps_[i].lane == steps_[step].lane && steps_[i].operation != steps_[step].operation &&
        steps_[i].operation != steps_[previous].operation)
      return true;
  return false;
}

void Selection::show(std::size_t event, const Recorder& recorder) {
  const auto [begin, end] = recorder.steps_of(event);
  for (std::size_t i = begin; i < end; ++i) shown_[i] = shown_[i] || !steps_[i].delay;
}

void Selection::find_spans() {
  for (std::size_t i = steps_.size(); i-- > 0;)
    if (!steps_[i].minor && !steps_[i].delay) spans_[steps_[i].operation].begin = i;
  for (std::size_t i = 0; i < operations_.size(); ++i) spans_[i].end = operations_[i].end.value_or(kNever);
}

bool Selection::writes(std::size_t step) const {
  return steps_[step].kind == Step::Kind::publish || steps_[step].kind == Step::Kind::patch;
}

// Hits mean nothing to each other unless one is nested in the other, nor do registrations on different tracepoints.
// What is of none concerns all.
bool Selection::related(std::size_t one, std::size_t other) const {
  const RecordedOperation& a = operations_[one];
  const RecordedOperation& b = operations_[other];
  if (a.outer == other || b.outer == one) return true;
  if (a.hit && b.hit) return false;
  return a.tracepoint == b.tracepoint || a.tracepoint == kNoTracepoint || b.tracepoint == kNoTracepoint;
}

bool Selection::meet(std::size_t one, std::size_t other) const {
  return one != other && related(one, other) && spans_[one].begin < spans_[other].end &&
         spans_[other].begin < spans_[one].end;
}

// The operation that failed, with those that it meets; else with the last one before it.
std::vector<bool> Selection::around(std::size_t failed) const {
  std::vector<bool> chosen(operations_.size());
  chosen[failed] = true;
  std::size_t before = failed;
  bool alone = true;
  for (std::size_t i = 0; i < operations_.size(); ++i) {
    chosen[i] = chosen[i] || meet(i, failed);
    alone &= i == failed || !chosen[i];
    if (i < failed && related(i, failed)) before = i;
  }
  if (alone) chosen[before] = true;
  return chosen;
}

// All operations that meet another; all, if none does.
std::vector<bool> Selection::that_meet() const {
  std::vector<bool> chosen(operations_.size());
  for (std::size_t i = 0; i < operations_.size(); ++i)
    for (std::size_t j = 0; j < operations_.size(); ++j) chosen[i] = chosen[i] || meet(i, j);
  if (std::ranges::find(chosen, true) == chosen.end()) chosen.assign(chosen.size(), true);
  return chosen;
}

// What has changed since the first of the chosen has begun is no part of what the CPUs find.
void Selection::add_changes_between(std::vector<bool>& chosen) const {
  const std::vector<bool> before = chosen;
  std::size_t begin = kNever;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    if (chosen[i]) begin = std::min(begin, spans_[i].begin);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i] || operations_[i].hit || spans_[i].end <= begin) continue;
    for (std::size_t j = 0; j < chosen.size(); ++j) chosen[i] = chosen[i] || (before[j] && related(i, j));
  }
  if (chosen != before) add_changes_between(chosen);
}

// Of other operations only what is no part of what the CPUs find. What enters a section shows its end, too.
void Selection::add_what_they_are_after(const std::vector<bool>& chosen) {
  const std::size_t begin = first();
  for (std::size_t i = steps_.size(); i-- > 0;) {
    const std::optional<std::size_t> after = shown_[i] ? steps_[i].after : std::nullopt;
    if (after && steps_[*after].minor && (chosen[steps_[*after].operation] || *after >= begin)) shown_[*after] = true;
  }
  for (std::size_t i = 0; i < end_; ++i)
    if (steps_[i].minor && steps_[i].after && shown_[*steps_[i].after]) shown_[i] = true;
}

std::size_t Selection::next(std::size_t step) const {
  while (step < steps_.size() && !shown_[step]) ++step;
  return step;
}

}  // namespace tpfuzz
