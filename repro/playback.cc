#include "repro/playback.h"

#include <algorithm>

namespace tpfuzz {
namespace {

// Objects to nothing but to what can't go on.
class Onlooker final : public Observer {
 public:
  bool observe(Event event) override {
    return event.kind != Event::Kind::late && event.kind != Event::Kind::faulted && event.kind != Event::Kind::torn;
  }
  bool at_rest(const Event&, const Observation&, int) override { return true; }
};

// `sequence` without the lines that have not started in `events`. They have decided nothing: the schedule is the same.
Sequence started(Sequence sequence, const std::vector<Event>& events) {
  std::ptrdiff_t lines = 0;
  for (const Event& event : events)
    if (event.cpu != kMaxCpus - 1) lines = std::max<std::ptrdiff_t>(lines, event.operation + 1);
  const auto unstarted = [](const Operation& operation) { return operation.verb != Verb::run; };
  sequence.operations.erase(std::remove_if(sequence.operations.begin() + lines, sequence.operations.end(), unstarted),
                            sequence.operations.end());
  return sequence;
}

}  // namespace

Playback play(Subject& subject, const Sequence& sequence) {
  Playback playback;
  {
    Executor executor(subject);
    const Execution execution = executor.run(sequence);
    playback = {execution.verdict, execution.trace.events(), execution.trace.events().size()};
  }
  if (!playback.verdict || playback.verdict->invariant != Invariant::pairing) return playback;
  Onlooker onlooker;
  Lockstep engine(subject);
  playback.events = engine.run(started(sequence, playback.events), onlooker).events();
  return playback;
}

}  // namespace tpfuzz
