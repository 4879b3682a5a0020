// Other names for the same: what a sequence calls things, brought in order.
#pragma once

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// `sequence` with its numbers in the order of their first use: slots of probes, none that no operation names; a
/// function or data numbered like the first probe that has it; CPUs, tracepoints and sites from 0 on; priorities 10,
/// 20, 30... in their order. A probe keeps a name of its own; without one it is called by the letter of its new slot.
/// Says the same, unless the subject goes by such a number.
Sequence canonical(const Sequence& sequence);

/// The same, but the tracepoint with arguments keeps its number.
Sequence canonical_with_arguments(const Sequence& sequence);

}  // namespace tpfuzz
