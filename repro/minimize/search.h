// What delta debugging can't find: sequences that are not contained in the one it started from.
#pragma once

#include <optional>

#include "repro/minimize/trials.h"

namespace tpfuzz {

/// The first of all small sequences that shows what is wanted, the simplest ones first: one writer registers and
/// unregisters up to three probes, a reader passes once or not at all, one CPU is delayed once; with fewer operations
/// then, two delays. Of at most `operations` operations. Does not depend on anything but what is wanted, and on
/// `operations` only as a limit. Nothing if there is none, or none within a bounded number of executions.
std::optional<Sequence> search_small(std::size_t operations, Trials& trials);

/// A sequence that shows what is wanted with one operation of `sequence` less: the others stay, delays are moved,
/// replaced or added. Nothing if there is none, or none within a bounded number of executions.
std::optional<Sequence> search_shorter(const Sequence& sequence, Trials& trials);

}  // namespace tpfuzz
