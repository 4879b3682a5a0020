// One execution, to be looked at: up to its end, and a little beyond.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "fuzz/execute.h"

namespace tpfuzz {

/// What was there at an event, which the event itself does not tell.
struct Seen {
  bool inside = false;                    ///< the CPU is in a read-side section
  std::optional<Observation> tracepoint;  ///< of a writer's step, and of a removal's end: the tracepoint after it
  std::vector<Observation> batch;         ///< of a step or the end of a batch over several tracepoints: all, by number
  std::optional<SiteText> site;           ///< of `torn`: what the reader is about to execute
  SiteKind patched = SiteKind::key;       ///< of `torn`: where
  std::optional<Disorder> disorder;       ///< of `disorder`: what has changed out of order
  std::string warning;                    ///< of `warned`: its words
  bool branch_trapped = false;            ///< of a writer's step: an int3 is over the branch of call site 0
  bool call_trapped = false;              ///< of a writer's step: an int3 is over the static call of call site 0
  std::uint8_t freed_functions = 0;       ///< of `freed`: which functions went, a bit each
  std::uint8_t freed_data = 0;            ///< of `freed`: which data went

  /// What tracepoint `number` of the operation looks like; nullptr if that is not known.
  const Observation* at(int number) const;
};

inline const Observation* Seen::at(int number) const {
  if (!batch.empty()) return &batch[static_cast<std::size_t>(number)];
  return tracepoint ? &*tracepoint : nullptr;
}

struct Playback {
  Verdict verdict;
  std::vector<Event> events;
  std::vector<Seen> seen;  ///< as many as events
  std::size_t end = 0;     ///< how many of them the execution comes to; a violation is at the last one
  /// What broke `quiescent`: the tracepoint at rest, and the blocks of memory that the subject held.
  std::optional<Observation> at_rest;
  int blocks = 0;
  Event completed;  ///< of `quiescent`: the end of the operation that changed the tracepoint
};

/// Plays `sequence` on `subject`, under `engine`. After a `pairing` violation stands what the operations under way
/// would have done next, as a diagram shows the patch that came too late. Of an endless loop there are the first steps.
Playback play(Subject& subject, const Sequence& sequence, EngineKind engine = EngineKind::lockstep);

}  // namespace tpfuzz
