// How large a drawn sequence is, and what may be in it: who is on stage, what they can name, how much they do.
#pragma once

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// Every number is from 1 to its limit in sequence.h.
struct Shape {
  int operations = 1;  ///< of writers, so many
  int hits = 1;        ///< so many
  int probes = 1;      ///< declared
  int priorities = 1;  ///< different ones
  int writers = 1;
  int readers = 1;
  int tracepoints = 1;
  int sites = 1;
  bool rarities =
      false;  ///< syncs, k0 lines, NULL functions, batches, properties, shared funcs and data, absurd delays
};

/// Registrations and removals by one writer, in any order that makes sense, and hits of one reader, with any delays.
constexpr Shape free_shape(int operations, int probes, int priorities, int hits) {
  Shape shape;
  shape.operations = operations;
  shape.hits = hits;
  shape.probes = probes;
  shape.priorities = priorities;
  return shape;
}

/// One with rarities, as a fuzzer wants it: small mostly, as short sequences run faster and find as much.
Shape draw_shape(Random& random);

}  // namespace tpfuzz
