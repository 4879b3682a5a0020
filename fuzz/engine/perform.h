// An operation of a sequence, as a call of the subject; and what the harness keeps of the functions and data of probes
// around such a call.
#pragma once

#include <string>

#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// Has `subject` do what `operation` of `sequence` says, on the CPU that runs; a run of the worker is nothing. Returns
/// 0 or -errno.
int perform(Subject& subject, const Sequence& sequence, const Operation& operation);

/// Tells `subject` the domain of each tracepoint's readers, before it performs the first operation of `sequence`.
void declare(Subject& subject, const Sequence& sequence);

/// Sequences without what a subject lacks: it is not judged by what it does not have.
class Possible {
 public:
  /// `sequence`, or what of it `subject` can be asked for. Valid until the next call, and as long as `sequence`.
  const Sequence& of(const Sequence& sequence, Subject& subject);

  /// What the last call left out, in words: "priorities, batches"; empty: nothing. Changes of a key are left out as
  /// whole operations.
  std::string left_out() const;

  /// The same as a note to whoever has the sequence run on `subject`; empty: nothing.
  std::string note(const Subject& subject) const;

 private:
  struct LeftOut {
    bool priorities = false;
    bool failing_allocations = false;
    bool failing_hooks = false;
    bool several_probes = false;
    bool faultable_readers = false;
    bool batches = false;
    bool key_changes = false;
  };

  LeftOut left_out_;
  Sequence rest_;
};

/// Puts `subject`, and what its probes stand for, back to where nothing was registered. No CPU is inside.
void reset(Subject& subject);

/// The line of k0 that holds the parks of its `run`-th run, from 0; nullptr if there is none.
const Operation* worker_line(const Sequence& sequence, int run);

}  // namespace tpfuzz
