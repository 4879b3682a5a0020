// What the owners of probes do besides: `free P after DOMAINS`. What generate and mutate draw has none; who wants some
// calls these besides. What they make waits for both kinds of readers, as a careful owner does.
#pragma once

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// Adds a free of a probe that an operation unregisters, behind that operation. Returns whether there is one, and room.
bool draw_free(Sequence& sequence, Random& random);

/// Makes a sync a free of a declared probe, or a free a sync or a free of another declared probe. Returns whether there
/// is a sync or a free, and a probe.
bool change_free(Sequence& sequence, Random& random);

}  // namespace tpfuzz
