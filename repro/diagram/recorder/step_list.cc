#include "repro/diagram/recorder/step_list.h"

#include <fmt/format.h>

#include "fuzz/sequence/cpu.h"
#include "fuzz/sequence/result_names.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/vocabulary.h"
#include "repro/diagram/explain/explain.h"
#include "repro/diagram/lines.h"
#include "repro/diagram/recorder/recorder.h"

namespace tpfuzz {
namespace {

std::string operation_of(const Sequence& sequence, const Event& event) {
  if (is_worker(event.cpu)) return std::string(verb_name(Verb::run));
  return operation_text(sequence, event.operation);
}

std::string name_of(const Event& event) {
  switch (event.kind) {
    case Event::Kind::started:
      return "started";
    case Event::Kind::passed:
      return std::string(name(event.point));
    case Event::Kind::parked:
      return fmt::format("parked@{}", name(event.point));
    case Event::Kind::waits:
      return "waits";
    case Event::Kind::resumed:
      return "resumed";
    case Event::Kind::called:
      return "called";
    case Event::Kind::hooked:
      return "hooked";
    case Event::Kind::faulted:
      return "faulted";
    case Event::Kind::completed:
      return event.result == 0 ? "completed" : fmt::format("completed -> {}", result_name(event.result));
    case Event::Kind::stuck:
      return "stuck";
    case Event::Kind::endless:
      return "endless";
    case Event::Kind::late:
      return "late";
    case Event::Kind::torn:
      return "torn";
    case Event::Kind::disorder:
      return "disorder";
    case Event::Kind::wrong_argument:
      return "wrong argument";
    case Event::Kind::warned:
      return "warned";
    case Event::Kind::unwaited:
      return "unwaited";
    case Event::Kind::nested:
      return "nested";
    case Event::Kind::unnested:
      break;
  }
  return "unnested";
}

// The words of the steps that the recorder has made since there were `begin`.
std::string words_of(const Recorder& recorder, std::size_t begin) {
  std::string words;
  for (std::size_t i = begin; i < recorder.steps().size(); ++i)
    for (const std::string& line : split(recorder.steps()[i].words)) {
      const std::size_t text = line.find_first_not_of(' ');
      if (text != std::string::npos) words += (words.empty() ? "" : "  ") + line.substr(text);
    }
  return words;
}

}  // namespace

std::vector<ListedStep> listed(const Sequence& sequence, const Playback& playback, const Rules& rules,
                               const tp::Protocol* protocol) {
  Recorder recorder(sequence, rules, protocol);
  std::vector<ListedStep> steps;
  for (std::size_t i = 0; i < playback.end; ++i) {
    const Event& event = playback.events[i];
    const std::size_t begin = recorder.steps().size();
    recorder.add(event, playback.seen[i]);
    steps.push_back({std::string(cpu_name(cpu_numbered(event.cpu))), operation_of(sequence, event), name_of(event),
                     words_of(recorder, begin)});
  }
  if (!playback.verdict || steps.empty()) return steps;
  const Explanation explanation = explain(sequence, playback, rules, protocol);
  steps.push_back({steps.back().cpu, steps.back().operation, "violation",
                   fmt::format("{}: {}", name(playback.verdict->invariant), explanation.headline)});
  return steps;
}

std::string line_of(const ListedStep& step) {
  const std::string line = fmt::format("{:<3} {:<14} {:<20} {}", step.cpu, step.operation, step.event, step.words);
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

}  // namespace tpfuzz
