// An operation of a sequence, as a call of the subject.
#pragma once

#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// Has `subject` do what `operation` of `sequence` says; a run of the worker is nothing. Returns 0 or -errno.
int perform(Subject& subject, const Sequence& sequence, const Operation& operation);

/// The line of k0 that holds the parks of its `run`-th run, from 0; nullptr if there is none.
const Operation* worker_line(const Sequence& sequence, int run);

}  // namespace tpfuzz
