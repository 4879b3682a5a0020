// What an exploration moves about in: one execution, which can be put back to any state that was saved, and takes one
// step from there.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "fuzz/explore/checkpoint.h"
#include "fuzz/explore/explorer.h"
#include "fuzz/explore/script.h"
#include "fuzz/oracle/oracle.h"

namespace tpfuzz {

/// A state to those that are met later.
struct Digested {
  Digest digest;
  Permits permits;
};

class World {
 public:
  /// All outlive it.
  World(Subject& subject, const Script& script, const ExploreOptions& options)
      : subject_(subject), script_(script), options_(options), stepper_(subject, options.stops) {
    stepper_.share_states();
  }

  /// Begins an execution in which nothing has begun.
  void start() { start(script_.lines()); }
  void end() { stepper_.end(); }

  /// The state of the execution, and how it is put back. The bytes are valid until the next `save`.
  std::span<const std::byte> save();
  void restore(std::span<const std::byte> state);

  /// The CPUs that can go on, and the lines that readers may begin. k0 begins before any line does: a sequence can't
  /// say anything else.
  std::vector<Choice> steps(const Begun& begun) const;

  /// The lines that writers may begin, of which `operations` were begun.
  std::vector<Choice> beginnings(const Begun& begun, int operations) const;

  /// Takes a step. Returns what it has broken.
  std::optional<Invariant> go(Choice choice, Begun& begun);

  /// What the state is to those that are met later.
  Digested digested(const Begun& begun);

  /// The execution that these choices lead to, as a sequence; nothing if that can't be so long. Ends the execution.
  std::optional<Sequence> sequence_of(std::vector<Choice> path);

  /// The numbers that digests give to lists.
  ListNumbers& numbers() { return numbers_; }

 private:
  void start(const Sequence& sequence);
  bool worker_begins() const { return stepper_.idle(kWorkerCpu) && stepper_.enabled(kWorkerCpu); }
  void add_lines(std::vector<Choice>& choices, int cpu, const Begun& begun, int operations) const;
  std::optional<Invariant> stuck() const;

  Subject& subject_;
  const Script& script_;
  const ExploreOptions& options_;
  Oracle oracle_;
  Stepper stepper_;
  ListNumbers numbers_;
  SavedBytes saved_;
};

}  // namespace tpfuzz
