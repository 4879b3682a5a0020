// The pieces of a random sequence, for generate and mutate: one cast, one operation, one park. What they are biased
// towards: few CPUs and one tracepoint, registering what is not registered and unregistering what is, hits that are
// delayed, and delays that are short. Nothing here knows the protocol under test.
#pragma once

#include <cstddef>
#include <cstdint>

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// 0..count-1; `count` is at least 1.
inline std::size_t draw_below(std::size_t count, Random& random) {
  return static_cast<std::size_t>(random.below(static_cast<int>(count)));
}

/// Who is on stage: how many of each, from 1 to its limit.
struct Cast {
  int writers = 1;
  int readers = 1;
  int tracepoints = 1;
  int sites = 1;
};

/// Mostly one of each.
Cast draw_cast(Random& random);

/// `low` half of the time, `low` + 1 half of the rest, and so on; at most `high`.
int draw_geometric(int low, int high, Random& random);

/// Mostly one of few, so that equal ones occur; sometimes an extreme.
std::int8_t draw_priority(Random& random);

/// A delay that `verb` can have.
Park draw_park(Verb verb, Random& random);

/// A register, unregister or (rarely) sync that makes sense as operation number `position` of `sequence`. It may name a
/// probe that is not declared: settle_probes (probe_set.h) declares it.
Operation draw_writer_operation(const Sequence& sequence, std::size_t position, const Cast& cast, Random& random);

/// Any operation that makes sense there; otherwise as draw_writer_operation.
Operation draw_operation(const Sequence& sequence, std::size_t position, const Cast& cast, Random& random);

}  // namespace tpfuzz
