// Sequences without delays, from nothing: what a search for small ones lays parks over.
#pragma once

#include <vector>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

inline constexpr int kMostProbesOfSkeletons = 3;

/// All sequences, up to names, in which w0 makes `changes` changes to a tracepoint, each a registration of a probe that
/// is not registered or a removal of one that is, of exactly `probes` probes; with `hit`, r0 passes once, after the
/// first of them or later. The simplest first.
std::vector<Sequence> skeletons(int changes, int probes, bool hit);

}  // namespace tpfuzz
