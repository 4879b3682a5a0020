#include "fuzz/sequence/probe_set.h"

#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {

std::uint8_t used_probes(const Sequence& sequence) {
  std::uint8_t used = 0;
  for (const Operation& operation : sequence.operations) used |= named_probes(operation);
  return used;
}

void settle_probes(Sequence& sequence) {
  const std::uint8_t used = used_probes(sequence);
  std::array<unsigned, kMaxFunctions> taken = {};  // by func, a bit for each data
  static_assert(kMaxProbes <= kMaxData, "a free data must exist for every probe");
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot) {
    std::optional<Probe>& probe = sequence.probes[slot];
    if (!probe) {
      if ((used & probe_bit(slot)) == 0) continue;
      probe = Probe{static_cast<std::uint8_t>(slot), static_cast<std::uint8_t>(slot), kDefaultPriority};
    }
    while ((taken[probe->func] & (1U << probe->data)) != 0)
      probe->data = static_cast<std::uint8_t>(probe->data == kNullData ? 0 : (probe->data + 1) % kMaxData);
    taken[probe->func] |= 1U << probe->data;
  }
}

}  // namespace tpfuzz
