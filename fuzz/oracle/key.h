// The invariant `key`: while a user besides the probes holds a tracepoint's key, a hit that begins finds the key on:
// from when a `key inc` has returned until the `key dec` that ends the last hold begins. A probe is such a user, too:
// that a hit finds the key on after its registration is what `snapshot` asks for.
#pragma once

#include "fuzz/oracle/history.h"

namespace tpfuzz {

/// Whether `hit`, which has ended, found the key as it should.
bool key_holds(const Hit& hit);

}  // namespace tpfuzz
