// How large a drawn sequence is, and what may be in it: who is on stage, what they can name, how much they do.
#pragma once

namespace tpfuzz {

/// Every number is from 1 to its limit in sequence.h; `operations` and `hits` together leave room for one line more.
struct Shape {
  int operations = 1;  ///< of writers
  int hits = 1;
  int probes = 1;  ///< declared
  int priorities = 1;
  int writers = 1;
  int readers = 1;
  int tracepoints = 1;
  int sites = 1;
  bool nested = false;     ///< the probes of some hits hit another tracepoint, if there are several
  bool arguments = false;  ///< the first tracepoint is the one with arguments
  bool accesses = false;   ///< some delays are at accesses to shared words
  bool over_wait =
      false;              ///< readers and the other writer act while a writer waits; two writers, two readers, two hits
  bool rarities = false;  ///< sync, k0, NULL functions, batches, properties, shared funcs and data, any other park
};

/// Registrations and removals by one writer and hits by one reader, in any order and with any delays.
constexpr Shape free_shape(int operations, int probes, int priorities, int hits) {
  Shape shape;
  shape.operations = operations;
  shape.hits = hits;
  shape.probes = probes;
  shape.priorities = priorities;
  return shape;
}

}  // namespace tpfuzz
