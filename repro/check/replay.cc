#include "repro/check/replay.h"

#include "fuzz/execute.h"
#include "fuzz/sequence/drawing.h"
#include "repro/check/corpus.h"

namespace tpfuzz {

Replays replay_known(Subject& subject, const std::function<bool(int)>& goes_on) {
  constexpr Drawing kAll{.both_readers = true, .key_users = true};
  Replays replays;
  Executor executor(subject);
  Possible possible;
  for (const KnownSequence& known : known_sequences()) {
    if (!goes_on(replays.runs)) return replays;
    Sequence sequence = known.sequence;
    if (!kAll.make_runnable(sequence)) continue;
    ++replays.runs;
    possible.of(sequence, subject);
    replays.lacking += !possible.left_out().empty();
    if (const Verdict verdict = executor.run(sequence).verdict)
      replays.broken.push_back({known.name, sequence, verdict});
  }
  replays.complete = true;
  return replays;
}

}  // namespace tpfuzz
