#include "fuzz/subject/usage.h"

#include <cstdint>

#include "fuzz/subject/subject.h"

namespace tpfuzz {

void Usage::register_begins(int tracepoint, const Probe& probe) {
  used_ |= 1U << tracepoint;
  registering_.begin(number(probe));
  for (Pairs& pairs : registered_meanwhile_) pairs.set(number(probe));
  function_uses_[probe.func] = ++uses_;
  if (probe.data != kNullData) data_uses_[probe.data] = uses_;
}

void Usage::register_ends(int tracepoint, const Probe& probe, bool registered) {
  registering_.end(number(probe));
  if (registered) registered_[static_cast<std::size_t>(tracepoint)].set(number(probe));
}

Usage::Removal Usage::unregister_begins(std::span<const Probe> probes) {
  for (const Probe& probe : probes)
    if (probe.func != kNoFunction) removing_.begin(number(probe));
  std::size_t removal = 0;
  while (removals_.test(removal)) ++removal;
  removals_.set(removal);
  registered_meanwhile_[removal] = registering_.pairs();
  return static_cast<Removal>(removal);
}

void Usage::unregister_ends(int tracepoint, std::span<const Probe> probes, bool removed, Removal begun) {
  const auto removal = static_cast<std::size_t>(begun);
  const Pairs kept = registered_meanwhile_[removal];
  removals_.reset(removal);
  for (const Probe& probe : probes) {
    const bool all = probe.func == kNoFunction;
    if (!all) removing_.end(number(probe));
    Pairs goes;
    if (removed) goes = all ? goes.set() : goes.set(number(probe));
    registered_[static_cast<std::size_t>(tracepoint)] &= kept | ~goes;
  }
}

Usage::Unused Usage::unused() const {
  Pairs used;
  for (const Pairs& pairs : registered_) used |= pairs;
  used |= registering_.pairs() | removing_.pairs();
  Unused unused{0, 0, function_uses_, data_uses_};
  std::bitset<kMaxFunctions> used_functions;
  std::bitset<kDataNumbers> used_data;
  for (std::size_t i = 0; i < kPairs; ++i)
    if (used.test(i)) used_functions.set(i / kDataNumbers), used_data.set(i % kDataNumbers);
  for (unsigned i = 0; i < kMaxFunctions; ++i) {
    if (function_uses_[i] != 0 && !used_functions.test(i)) unused.functions |= static_cast<std::uint8_t>(1U << i);
    if (data_uses_[i] != 0 && !used_data.test(i)) unused.data |= static_cast<std::uint8_t>(1U << i);
  }
  return unused;
}

Usage::Gone Usage::take(const Unused& before) {
  const Unused now = unused();
  Gone gone;
  for (unsigned i = 0; i < kMaxFunctions; ++i) {
    const auto bit = static_cast<std::uint8_t>(1U << i);
    if ((before.functions & now.functions & bit) != 0 && before.function_uses[i] == now.function_uses[i]) {
      gone.functions |= bit;
      function_uses_[i] = 0;
    }
    if ((before.data & now.data & bit) != 0 && before.data_uses[i] == now.data_uses[i]) {
      gone.data |= bit;
      data_uses_[i] = 0;
    }
  }
  return gone;
}

void Usage::describe(StateDigest& digest) const {
  digest.value(registered_);
  digest.value(registering_.pairs());
  digest.value(removing_.pairs());
  for (std::size_t removal = 0; removal < kRemovals; ++removal)
    if (removals_.test(removal)) digest.value(registered_meanwhile_[removal]);
}

}  // namespace tpfuzz
