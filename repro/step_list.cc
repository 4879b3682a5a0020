#include "repro/step_list.h"

#include <fmt/format.h>

#include "fuzz/sequence/result_names.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/vocabulary.h"
#include "repro/lines.h"
#include "repro/recorder.h"

namespace tpfuzz {
namespace {

constexpr Cpu kWorker{Cpu::Kind::worker, 0};

Cpu cpu_of(const Sequence& sequence, const Event& event) {
  return event.cpu == kWorker.number() ? kWorker : sequence.operations[event.operation].cpu;
}

// The canonical text without CPU, parks and expected result.
std::string operation_of(const Sequence& sequence, const Event& event) {
  if (event.cpu == kWorker.number()) return std::string(verb_name(Verb::run));
  Sequence alone{sequence.probes, sequence.names, {sequence.operations[event.operation]}};
  alone.operations[0].parks.clear();
  alone.operations[0].expect.reset();
  const std::string text = to_text(alone);
  const std::size_t begin = text.find(' ', text.rfind('\n', text.size() - 2)) + 1;
  return text.substr(begin, text.size() - 1 - begin);
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
    case Event::Kind::late:
      return "late";
    case Event::Kind::torn:
      break;
  }
  return "torn";
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

std::vector<ListedStep> listed(const Sequence& sequence, const Execution& execution, bool enomem_fails) {
  Recorder recorder(sequence, enomem_fails, nullptr);
  std::vector<ListedStep> steps;
  for (const Event& event : execution.trace.events()) {
    const std::size_t begin = recorder.steps().size();
    recorder.add(event);
    steps.push_back({std::string(cpu_name(cpu_of(sequence, event))), operation_of(sequence, event), name_of(event),
                     words_of(recorder, begin)});
  }
  if (!execution.verdict || steps.empty()) return steps;
  const std::size_t begin = recorder.steps().size();
  recorder.violate(execution.verdict->invariant);
  steps.push_back({steps.back().cpu, steps.back().operation, "violation", words_of(recorder, begin)});
  return steps;
}

std::string line_of(const ListedStep& step) {
  const std::string line = fmt::format("{:<3} {:<14} {:<20} {}", step.cpu, step.operation, step.event, step.words);
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

}  // namespace tpfuzz
