// Sequences from nothing: what a fuzzer starts with, and falls back to. Drawn to be worth running: the writers'
// operations first, as a walk of short probe lists; then each hit where it can go wrong. A hit is laid over the
// operations by the moments between which it is delayed, after one of them or in the middle of one: mostly so that it
// begins with one probe in front and goes on with another. Nothing here knows the protocol under test.
#pragma once

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"
#include "fuzz/sequence/shape.h"

namespace tpfuzz {

/// A valid sequence of this shape, without expectations. Equal states of `random` give equal sequences.
Sequence generate(const Shape& shape, Random& random);

/// The same of a drawn shape.
Sequence generate(Random& random);

}  // namespace tpfuzz
