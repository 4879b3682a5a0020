// Sequences from nothing: what a fuzzer starts with, and falls back to. Drawn to be worth running (draw.h): mostly 2 to
// 8 operations of one writer and one reader on one tracepoint, with two or three probes; a hit mostly comes before
// writers' operations, and is delayed across them. Nothing here knows the protocol under test.
#pragma once

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// A valid sequence without expectations. Equal states of `random` give equal sequences.
Sequence generate(Random& random);

}  // namespace tpfuzz
