// Why nobody had waited for a reader when the static call was patched under it.
#pragma once

#include "repro/diagram/explain/phrases.h"

namespace tpfuzz {

/// Says in `explanation` which wait was missing, skipped, too early or too short: between the store that replaced the
/// array which `reader` holds, and `patch`, which came while the reader held it.
void explain_missing_wait(const Account& account, const Phrases& phrases, const Run& reader, const Patch& patch,
                          Explanation& explanation);

/// The same for memory: why the `sync` of `freed` did not wait for `reader`.
void explain_short_sync(const Account& account, const Phrases& phrases, const Run& reader, const Freed& freed,
                        Explanation& explanation);

}  // namespace tpfuzz
