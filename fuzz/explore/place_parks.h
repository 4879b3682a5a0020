// Where to delay whom, so that a sequence shows what is wanted.
#pragma once

#include "fuzz/explore/trials.h"

namespace tpfuzz {

/// Looks for up to `count` parks more with which `sequence` shows what is wanted: fewest first, at the points that the
/// CPUs come to. Adds them and returns true, or returns false and leaves `sequence` as it was.
bool place_parks(Sequence& sequence, int count, Trials& trials);

}  // namespace tpfuzz
