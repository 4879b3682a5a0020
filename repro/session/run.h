// A session: fuzzes one subject for a time, past each distinct finding, and goes on where the one before it ended.
#pragma once

#include "repro/session/options.h"

namespace tpfuzz {

/// Returns 0 (nothing found) or 1. Throws InputError.
int run_session(const SessionOptions& options);

}  // namespace tpfuzz
