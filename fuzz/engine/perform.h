// An operation of a sequence, as a call of the subject.
#pragma once

#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// Has `subject` do what `operation` of `sequence` says; a run of the worker is nothing. Returns 0 or -errno.
int perform(Subject& subject, const Sequence& sequence, const Operation& operation);

}  // namespace tpfuzz
