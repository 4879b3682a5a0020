// Other names for the same: what a sequence calls things, brought in order.
#pragma once

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// `sequence` with its names in the order of their first use: probes a, b, c..., none that no operation names; a
/// function or data called like the first probe that has it; CPUs, tracepoints and sites from 0 on; priorities 10,
/// 20, 30... in their order. Says the same, unless the subject goes by such a number.
Sequence canonical(const Sequence& sequence);

}  // namespace tpfuzz
