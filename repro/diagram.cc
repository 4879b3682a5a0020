#include "repro/diagram.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bitset>

#include "fuzz/sequence/text.h"
#include "repro/explain/explain.h"
#include "repro/recorder.h"
#include "repro/state.h"

namespace tpfuzz {
namespace {

// From an operation's first step that counts to its end.
struct Span {
  std::size_t begin = kNever;
  std::size_t end = kNever;
};

// Chooses the steps of a diagram.
class Selection {
 public:
  // `end`: after the violation, or after everything; `named`: the events that its explanation speaks of.
  Selection(const Recorder& recorder, std::size_t end, bool violated, const std::vector<std::size_t>& named)
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

  bool shown(std::size_t step) const { return shown_[step]; }
  std::size_t first() const { return next(0); }

  // If the CPU of a shown step is delayed behind it while another one does something: the step in front of which it
  // goes on.
  std::optional<std::size_t> delayed_until(std::size_t step) const {
    const std::size_t other = next(step + 1);
    std::size_t goes_on = 0;
    for (std::size_t i = step; i < other; ++i)
      if (steps_[i].delay && steps_[i].operation == steps_[step].operation) goes_on = steps_[i].goes_on;
    if (other == steps_.size() || goes_on <= other) return std::nullopt;
    return std::min(goes_on, steps_.size());
  }

  // How many steps are shown in front of a step.
  std::size_t shown_before(std::size_t step) const {
    return static_cast<std::size_t>(
        std::count(shown_.begin(), shown_.begin() + static_cast<std::ptrdiff_t>(step), true));
  }

  // Whether whole operations of its CPU are left out between the shown step in front of a shown step and it.
  bool folded(std::size_t step) const {
    std::size_t previous = step;
    while (previous-- > 0)
      if (shown_[previous] && steps_[previous].lane == steps_[step].lane) break;
    for (std::size_t i = previous + 1; i < step && previous < step; ++i)
      if (steps_[i].lane == steps_[step].lane && steps_[i].operation != steps_[step].operation &&
          steps_[i].operation != steps_[previous].operation)
        return true;
    return false;
  }

 private:
  static void add_operation_of(std::size_t event, const Recorder& recorder, std::vector<bool>& operations) {
    const auto [begin, end] = recorder.steps_of(event);
    for (std::size_t i = begin; i < end; ++i) operations[recorder.steps()[i].operation] = true;
  }

  void show(std::size_t event, const Recorder& recorder) {
    const auto [begin, end] = recorder.steps_of(event);
    for (std::size_t i = begin; i < end; ++i) shown_[i] = shown_[i] || !steps_[i].delay;
  }

  void find_spans() {
    for (std::size_t i = steps_.size(); i-- > 0;)
      if (!steps_[i].minor && !steps_[i].delay) spans_[steps_[i].operation].begin = i;
    for (std::size_t i = 0; i < operations_.size(); ++i) spans_[i].end = operations_[i].end.value_or(kNever);
  }

  bool writes(std::size_t step) const {
    return steps_[step].kind == Step::Kind::publish || steps_[step].kind == Step::Kind::patch;
  }

  // Hits mean nothing to each other unless one is nested in the other, nor do registrations on different tracepoints.
  // What is of none concerns all.
  bool related(std::size_t one, std::size_t other) const {
    const RecordedOperation& a = operations_[one];
    const RecordedOperation& b = operations_[other];
    if (a.outer == other || b.outer == one) return true;
    if (a.hit && b.hit) return false;
    return a.tracepoint == b.tracepoint || a.tracepoint == kNoTracepoint || b.tracepoint == kNoTracepoint;
  }

  bool meet(std::size_t one, std::size_t other) const {
    return one != other && related(one, other) && spans_[one].begin < spans_[other].end &&
           spans_[other].begin < spans_[one].end;
  }

  // The operation that failed, with those that it meets; else with the last one before it.
  std::vector<bool> around(std::size_t failed) const {
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
  std::vector<bool> that_meet() const {
    std::vector<bool> chosen(operations_.size());
    for (std::size_t i = 0; i < operations_.size(); ++i)
      for (std::size_t j = 0; j < operations_.size(); ++j) chosen[i] = chosen[i] || meet(i, j);
    if (std::ranges::find(chosen, true) == chosen.end()) chosen.assign(chosen.size(), true);
    return chosen;
  }

  // What has changed since the first of the chosen has begun is no part of what the CPUs find.
  void add_changes_between(std::vector<bool>& chosen) const {
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
  void add_what_they_are_after(const std::vector<bool>& chosen) {
    const std::size_t begin = first();
    for (std::size_t i = steps_.size(); i-- > 0;) {
      const std::optional<std::size_t> after = shown_[i] ? steps_[i].after : std::nullopt;
      if (after && steps_[*after].minor && (chosen[steps_[*after].operation] || *after >= begin)) shown_[*after] = true;
    }
    for (std::size_t i = 0; i < end_; ++i)
      if (steps_[i].minor && steps_[i].after && shown_[*steps_[i].after]) shown_[i] = true;
  }

  std::size_t next(std::size_t step) const {
    while (step < steps_.size() && !shown_[step]) ++step;
    return step;
  }

  const std::vector<RecordedStep>& steps_;
  const std::vector<RecordedOperation>& operations_;
  std::size_t end_;
  std::vector<Span> spans_;
  std::vector<bool> shown_;
};

std::string runs(std::size_t cpu) {
  constexpr std::string_view kWorker = "worker k0";
  if (cpu < kMaxWriters) return fmt::format("writer w{}", cpu);
  if (cpu < kMaxWriters + kMaxReaders) return fmt::format("reader r{}", cpu - kMaxWriters);
  return std::string(kWorker);
}

// The tracepoints of the shown steps.
Tracepoints tracepoints_of(const Recorder& recorder, const Selection& selection) {
  Tracepoints shown;
  for (std::size_t i = 0; i < recorder.steps().size(); ++i) {
    if (!selection.shown(i)) continue;
    for (const std::size_t tracepoint :
         {recorder.operations()[recorder.steps()[i].operation].tracepoint, recorder.steps()[i].tracepoint})
      if (tracepoint != kNoTracepoint) shown.set(tracepoint);
  }
  return shown;
}

// What the CPUs find when the first shown step begins.
std::vector<std::string> start_of(const Recorder& recorder, const Selection& selection) {
  State state(recorder.several_tracepoints());
  for (std::size_t i = 0; i < selection.first(); ++i) state.take(recorder.steps()[i]);
  return state.call_and_array(tracepoints_of(recorder, selection));
}

// The lane of each CPU that has a shown step.
std::array<std::size_t, kMaxCpus> add_lanes(Diagram& diagram, const Recorder& recorder, const Selection& selection) {
  std::bitset<kMaxCpus> acts;
  for (std::size_t i = 0; i < recorder.steps().size(); ++i)
    if (selection.shown(i)) acts.set(recorder.steps()[i].lane);
  std::array<std::size_t, kMaxCpus> lanes{};
  for (std::size_t cpu = 0; cpu < acts.size(); ++cpu) {
    lanes[cpu] = diagram.lanes.size();
    if (acts.test(cpu)) diagram.lanes.push_back({runs(cpu)});
  }
  return lanes;
}

void add_steps(Diagram& diagram, const Recorder& recorder, const Selection& selection) {
  const auto lanes = add_lanes(diagram, recorder, selection);
  const Tracepoints tracepoints = tracepoints_of(recorder, selection);
  State state(recorder.several_tracepoints());
  std::vector<std::optional<std::size_t>> places(recorder.steps().size());
  for (std::size_t i = 0; i < recorder.steps().size(); ++i) {
    state.take(recorder.steps()[i]);
    if (!selection.shown(i)) continue;
    places[i] = diagram.steps.size();
    Step& step = diagram.steps.emplace_back(recorder.steps()[i]);
    step.lane = lanes[step.lane];
    step.after_start =
        step.after && *step.after < selection.first() && recorder.steps()[*step.after].lane != recorder.steps()[i].lane;
    if (step.after) step.after = places[*step.after];
    step.state = state.all(tracepoints);
    if (const auto until = selection.delayed_until(i)) step.delayed_until = selection.shown_before(*until);
    step.folded = selection.folded(i);
  }
}

}  // namespace

Diagram diagram(const Sequence& sequence, const Playback& playback, bool enomem_fails, std::string_view protocol,
                const tp::Protocol* steps) {
  const Explanation explanation = explain(sequence, playback, enomem_fails, steps);
  Recorder recorder(sequence, enomem_fails, steps);
  for (std::size_t i = 0; i < playback.end; ++i) recorder.add(playback.events[i], playback.seen[i]);
  if (playback.verdict)
    recorder.violate(fmt::format("{}: {}", name(playback.verdict->invariant), explanation.headline));
  const std::size_t end = recorder.steps().size();
  for (std::size_t i = playback.end; i < playback.events.size(); ++i)
    recorder.add(playback.events[i], playback.seen[i]);
  const Selection selection(recorder, end, playback.verdict.has_value(), explanation.events);
  Diagram diagram;
  diagram.start = start_of(recorder, selection);
  add_steps(diagram, recorder, selection);
  diagram.explanation = explanation.text;
  diagram.verdict = verdict_line(playback.verdict, protocol);
  diagram.sequence = to_text(sequence);
  return diagram;
}

}  // namespace tpfuzz
