// Where readers arrive: what the functions of all probes do with their data.
#pragma once

#include "fuzz/subject/arrival.h"

namespace tpfuzz {

/// A reader has come through an entry (functions.h) with `data`. It touches both when it comes and when it goes, and
/// hits another tracepoint in between if the operation says so; where the static call led here directly, it passes
/// `dispatched` before that and `called` at last. Of a hit that passes arguments it looks at these, and makes use of
/// the object: the next function has to get one of its own.
void arrive(void* data, const Arrived& arrived);

/// Writes over an object that is about to be freed: for ThreadSanitizer a race with whoever still touches it.
void clobber(void* object);

}  // namespace tpfuzz
