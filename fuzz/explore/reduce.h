// Delta debugging: one thing after the other is taken away or made simpler, while the sequence still shows the same.
#pragma once

#include "fuzz/explore/trials.h"

namespace tpfuzz {

/// A sequence that is no less simple than `sequence`, which shows what is wanted, and 1-minimal unless the trials are
/// over: no operation, park, probe, property or event of a park can be removed, no value made simpler, and no two lines
/// put in a simpler order, on its own.
Sequence reduce(Sequence sequence, Trials& trials);

}  // namespace tpfuzz
