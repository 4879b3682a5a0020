// Users of a tracepoint besides its probes: `key inc`, `key dec`. What generate and mutate draw has none; who wants
// some, for a protocol that counts the users of a key, calls these besides.
#pragma once

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// Adds some changes of one key, mostly as many releases as holds, by both writers; and, sometimes, delays of the
/// registrations between the change of a count and the patch.
void draw_key_changes(Sequence& sequence, Random& random);

/// Adds one change of a key, turns one round, delays a registration there, or lets hits follow. Returns whether there
/// is what it takes, and room.
bool change_key_changes(Sequence& sequence, Random& random);

}  // namespace tpfuzz
