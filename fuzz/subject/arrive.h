// Where readers arrive: what the functions of all probes do with their data.
#pragma once

namespace tpfuzz {

/// A reader has come through `entry` (functions.h) with `data`. It touches both when it comes and when it goes; where
/// the static call led here directly, it passes `dispatched` and `called` on the way.
void arrive(void* data, unsigned entry);

/// Writes over an object that is about to be freed: for ThreadSanitizer a race with whoever still touches it.
void clobber(void* object);

}  // namespace tpfuzz
