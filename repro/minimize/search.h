// What delta debugging can't find: sequences that are not contained in the one it started from.
#pragma once

#include <optional>

#include "repro/minimize/trials.h"

namespace tpfuzz {

/// A small sequence that shows what is wanted, of at most `operations` operations: one writer registers and unregisters
/// two probes, a reader passes once or not at all, and one CPU is delayed once; or, if that saves an operation, there
/// are three probes or two delays. The simplest are tried first. Does not depend on anything but what is wanted, and on
/// `operations` only as a limit. Nothing if there is none, or none within a bounded number of executions.
std::optional<Sequence> search_small(int operations, Trials& trials);

/// A sequence that shows what is wanted with one operation of `sequence` less: the others stay, delays are moved,
/// replaced or added. Nothing if there is none, or none within a bounded number of executions.
std::optional<Sequence> search_shorter(const Sequence& sequence, Trials& trials);

}  // namespace tpfuzz
