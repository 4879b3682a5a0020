// Sequences without delays, from nothing: what a search for small ones lays parks over.
#pragma once

#include <vector>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// All sequences, up to names, in which w0 makes `changes` changes to a tracepoint: registers a probe that is not
/// registered, or removes one that is or, as so many changes, several; exactly `probes` probes in all. With `hit`, r0
/// passes once, after the first of them or later. The simplest first.
std::vector<Sequence> skeletons(int changes, int probes, bool hit);

}  // namespace tpfuzz
