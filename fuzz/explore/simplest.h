// The algorithm of `repro minimize`, which knows neither files nor terminals.
#pragma once

#include "fuzz/explore/trials.h"

namespace tpfuzz {

/// The simplest sequence that the trials can find to show what is wanted, as `sequence` does; 1-minimal (reduce.h)
/// unless they were stopped. Equal arguments give equal results; and mostly all sequences that show the same do.
Sequence simplest(const Sequence& sequence, Trials& trials);

}  // namespace tpfuzz
