// Where readers arrive: what the functions of all probes do with their data.
#pragma once

namespace tpfuzz {

/// A reader has come through `entry` (functions.h) with `data`. It touches both when it comes and when it goes, and
/// hits another tracepoint in between if the operation says so; where the static call led here directly, it passes
/// `dispatched` before that and `called` at last.
void arrive(void* data, unsigned entry);

/// Writes over an object that is about to be freed: for ThreadSanitizer a race with whoever still touches it.
void clobber(void* object);

}  // namespace tpfuzz
