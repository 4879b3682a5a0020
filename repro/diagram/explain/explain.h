// Why a violation is one: a few sentences that a person can paste into a mail, from what happened in the execution.
// Which step of which transition, what the reader had loaded and when, which wait was missing or ended too early, what
// differs from what should be.
#pragma once

#include "repro/diagram/explain/phrases.h"

namespace tpfuzz {

/// Explains the violation that `playback` of `sequence` ended with; empty if it is clean. `protocol`: what the
/// subject's is, where it is known; `rules` as Subject says. Depends on nothing but the arguments.
Explanation explain(const Sequence& sequence, const Playback& playback, const Rules& rules,
                    const tp::Protocol* protocol);

}  // namespace tpfuzz
