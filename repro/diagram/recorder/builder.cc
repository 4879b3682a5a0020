#include "repro/diagram/recorder/builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bitset>

#include "fuzz/sequence/cpu.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/vocabulary.h"
#include "repro/diagram/explain/explain.h"
#include "repro/diagram/recorder/selection.h"
#include "repro/diagram/recorder/state.h"

namespace tpfuzz {
namespace {

// "writer w0"
std::string runs(int number) {
  const char* const kind = is_writer(number) ? "writer" : is_reader(number) ? "reader" : "worker";
  return fmt::format("{} {}", kind, cpu_name(cpu_numbered(number)));
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
void add_start(Diagram& diagram, const Recorder& recorder, const Selection& selection) {
  State state(recorder.several_tracepoints());
  for (std::size_t i = 0; i < selection.first(); ++i) state.take(recorder.steps()[i]);
  const Tracepoints shown = tracepoints_of(recorder, selection);
  diagram.start = state.call_and_array(shown);
  diagram.before = state.all(shown);
}

// The lane of each CPU that has a shown step.
std::array<std::size_t, kMaxCpus> add_lanes(Diagram& diagram, const Recorder& recorder, const Selection& selection) {
  std::bitset<kMaxCpus> acts;
  for (std::size_t i = 0; i < recorder.steps().size(); ++i)
    if (selection.shown(i)) acts.set(recorder.steps()[i].lane);
  std::array<std::size_t, kMaxCpus> lanes{};
  for (std::size_t cpu = 0; cpu < acts.size(); ++cpu) {
    lanes[cpu] = diagram.lanes.size();
    if (acts.test(cpu)) diagram.lanes.push_back({runs(static_cast<int>(cpu))});
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
    if (!selection.shown(i)) {
      if (!diagram.steps.empty() && diagram.steps.back().operation == recorder.steps()[i].operation)
        diagram.steps.back().settled = state.all(tracepoints);
      continue;
    }
    places[i] = diagram.steps.size();
    Step& step = diagram.steps.emplace_back(recorder.steps()[i]);
    step.lane = lanes[step.lane];
    step.after_start =
        step.after && *step.after < selection.first() && recorder.steps()[*step.after].lane != recorder.steps()[i].lane;
    if (step.after) step.after = places[*step.after];
    step.state = step.settled = state.all(tracepoints);
    if (const auto until = selection.delayed_until(i)) step.delayed_until = selection.shown_before(*until);
    step.folded = selection.folded(i);
  }
}

// The call in front of the violation is what broke `pairing`.
void mark_mispaired(Diagram& diagram) {
  const auto violation = std::ranges::find(diagram.steps, Step::Kind::violation, &Step::kind);
  if (violation == diagram.steps.end()) return;
  for (auto step = violation; step != diagram.steps.begin();) {
    --step;
    if (step->lane != violation->lane) continue;
    step->mispaired = step->kind == Step::Kind::call;
    return;
  }
}

std::vector<std::string> probes_of(const Sequence& sequence) {
  std::vector<std::string> names;
  for (std::size_t slot = 0; slot < sequence.probes.size(); ++slot) names.emplace_back(sequence.names.of(slot));
  return names;
}

}  // namespace

Diagram diagram_of(Subject& subject, const tp::Protocol& protocol, const Sequence& all) {
  Possible possible;
  const Sequence& sequence = possible.of(all, subject);
  const Playback playback = play(subject, sequence);
  const Explanation explanation = explain(sequence, playback, subject.rules(), &protocol);
  Recorder recorder(sequence, subject.rules(), &protocol);
  for (std::size_t i = 0; i < playback.end; ++i) recorder.add(playback.events[i], playback.seen[i]);
  if (playback.verdict)
    recorder.violate(fmt::format("{}: {}", name(playback.verdict->invariant), explanation.headline));
  const std::size_t end = recorder.steps().size();
  for (std::size_t i = playback.end; i < playback.events.size(); ++i)
    recorder.add(playback.events[i], playback.seen[i]);
  const Selection selection(recorder, end, playback.verdict.has_value(), explanation.events);
  Diagram diagram;
  add_start(diagram, recorder, selection);
  add_steps(diagram, recorder, selection);
  if (playback.verdict && playback.verdict->invariant == Invariant::pairing) mark_mispaired(diagram);
  diagram.probes = probes_of(sequence);
  diagram.caption = explanation.caption();
  diagram.explanation = explanation.text;
  diagram.cause = explanation.cause;
  diagram.verdict = verdict_line(playback.verdict, subject.name());
  diagram.sequence = to_text(all);
  return diagram;
}

}  // namespace tpfuzz
