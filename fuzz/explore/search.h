// What delta debugging can't find: sequences that are not contained in the one it started from.
#pragma once

#include <optional>

#include "fuzz/explore/trials.h"

namespace tpfuzz {

/// A small sequence that shows what is wanted, of at most as many operations as `sequence`: one writer registers and
/// unregisters two probes, a reader passes once or not at all, and one CPU is delayed once; or, if that saves an
/// operation, there are three probes or two delays. The simplest are tried first. Of `sequence` it takes that limit and
/// the names of the slots, and nothing else. Nothing if there is none, or none within a bounded number of executions.
std::optional<Sequence> search_small(const Sequence& sequence, Trials& trials);

/// A sequence that shows what is wanted with one operation of `sequence` less: the others stay, delays are moved,
/// replaced or added. Nothing if there is none, or none within a bounded number of executions.
std::optional<Sequence> search_shorter(const Sequence& sequence, Trials& trials);

}  // namespace tpfuzz
