#include "fuzz/sequence/drawing.h"

#include <algorithm>

#include "fuzz/sequence/domains.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/keys.h"
#include "fuzz/sequence/mutate.h"
#include "fuzz/sequence/owners.h"
#include "fuzz/sequence/probe_set.h"
#include "fuzz/sequence/traps.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {

Sequence Drawing::draw(Random& random) const {
  Sequence sequence = operations == 0 ? generate(random) : generate(free_shape(operations, 3, 3, 2), random);
  if (both_readers && random.chance(3, 4)) draw_readers(sequence, random);
  if (operations == 0 && random.chance(1, 16)) draw_free(sequence, random);
  if (many_traps ? random.chance(1, 2) : random.chance(1, 64)) draw_trap(sequence, random);
  if (key_users && random.chance(3, 4)) draw_key_changes(sequence, random);
  return sequence;
}

void Drawing::change(Sequence& sequence, Random& random) const {
  if (both_readers && random.chance(1, 16) && change_readers(sequence, random)) return cover_readers(sequence);
  if (key_users && random.chance(1, 4) && change_key_changes(sequence, random)) return;
  if (random.chance(1, 32) && (random.chance(1, 2) ? draw_free(sequence, random) : change_free(sequence, random)))
    return;
  if (many_traps && random.chance(1, 16) && draw_trap(sequence, random)) return;
  mutate(sequence, random);
}

void Drawing::take_out_others(Sequence& sequence) const {
  if (!both_readers) sequence.faultable = 0;
  cover_readers(sequence);
  const auto changes = [](const Operation& operation) { return changes_key(operation.verb); };
  if (!key_users)
    sequence.operations.erase(std::remove_if(sequence.operations.begin(), sequence.operations.end(), changes),
                              sequence.operations.end());
}

bool Drawing::make_runnable(Sequence& sequence) const {
  for (Operation& operation : sequence.operations) operation.expect.reset();
  const std::uint8_t used = used_probes(sequence);
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if ((used & probe_bit(slot)) == 0) sequence.probes[slot].reset();
  sequence.faultable &= used_tracepoints(sequence);
  return (sequence.faultable == 0 || both_readers) && waits_cover_readers(sequence);
}

}  // namespace tpfuzz
