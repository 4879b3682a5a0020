// The pieces of a random sequence, for generate and mutate: its shape, one operation, one park. What they are biased
// towards: few CPUs and one tracepoint, registering what is not registered and unregistering what is, other probes in
// front than before, hits that are delayed, and delays that are short. Nothing here knows the protocol under test.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"
#include "fuzz/sequence/shape.h"

namespace tpfuzz {

/// 0..count-1; `count` is at least 1.
inline std::size_t draw_below(std::size_t count, Random& random) {
  return static_cast<std::size_t>(random.below(static_cast<int>(count)));
}

/// 0..count-1 for a field of a sequence.
inline std::uint8_t draw_index(int count, Random& random) { return static_cast<std::uint8_t>(random.below(count)); }

/// `low` half of the time, `low` + 1 half of the rest, and so on; at most `high`.
int draw_geometric(int low, int high, Random& random);

/// One with rarities, as a fuzzer wants it: small mostly, as short sequences run faster and find as much.
Shape draw_shape(Random& random);

/// Where a priority is kept in fewer bits, compared without its sign or by a difference that overflows: the last values
/// that are still right, and the first that are not. The nearest to 0 first.
inline constexpr std::array<std::int32_t, 14> kExtremePriorities = {
    -1, 0, 127, -128, 128, -129, 255, 256, 32767, -32768, 32768, 65536, 2147483647, -2147483647 - 1};

/// Mostly one of few, so that equal ones occur; sometimes an extreme, or any.
std::int32_t draw_priority(Random& random);

/// A delay that `verb` can have.
Park draw_park(Verb verb, Random& random);

/// A delay at an access to a shared word that `verb` can come to, which has some (accesses_of); of a hit outside of
/// traps.
Park draw_access_park(Verb verb, Random& random);

/// A delay of a hit in a trap.
Park draw_trap_park(Random& random);

/// A register, unregister or (rarely) sync without parks that makes sense as operation number `position` of `sequence`.
/// It may name a probe that is not declared: settle_probes (probe_set.h) declares it.
Operation draw_writer_operation(const Sequence& sequence, std::size_t position, const Shape& shape, Random& random);

/// Another one of `tracepoints` than `tp`, mostly one of the first. There are at least two.
std::uint8_t draw_nested(int tp, int tracepoints, Random& random);

/// A hit without parks.
Operation draw_hit(const Shape& shape, Random& random);

/// A line of k0, delayed.
Operation draw_run(Random& random);

/// Any operation that makes sense there, perhaps delayed.
Operation draw_operation(const Sequence& sequence, std::size_t position, const Shape& shape, Random& random);

}  // namespace tpfuzz
