#include "fuzz/subject/usage.h"

#include <bit>

#include "fuzz/subject/subject.h"

namespace tpfuzz {

void Usage::register_begins(int tracepoint, const Probe& probe) {
  used_ |= 1U << tracepoint;
  registering_.begin(number(probe));
  function_uses_[probe.func] = data_uses_[probe.data] = pair_uses_[number(probe)] = ++uses_;
}

void Usage::register_ends(int tracepoint, const Probe& probe, bool registered) {
  registering_.end(number(probe));
  if (registered) registered_[static_cast<std::size_t>(tracepoint)] |= pair(probe);
}

Usage::Removal Usage::unregister_begins(std::span<const Probe> probes) {
  for (const Probe& probe : probes)
    if (probe.func != kNoFunction) removing_.begin(number(probe));
  return {registering_.pairs(), uses_};
}

void Usage::unregister_ends(int tracepoint, std::span<const Probe> probes, bool removed, const Removal& begun) {
  std::uint64_t kept = begun.registering;
  for (std::size_t i = 0; uses_ != begun.uses && i < pair_uses_.size(); ++i)
    if (pair_uses_[i] > begun.uses) kept |= std::uint64_t{1} << i;
  for (const Probe& probe : probes) {
    const bool all = probe.func == kNoFunction;
    if (!all) removing_.end(number(probe));
    if (removed) registered_[static_cast<std::size_t>(tracepoint)] &= kept | (all ? 0 : ~pair(probe));
  }
}

Usage::Unused Usage::unused() const {
  std::uint64_t used = 0;
  for (const std::uint64_t pairs : registered_) used |= pairs;
  used |= registering_.pairs() | removing_.pairs();
  Unused unused{0, 0, function_uses_, data_uses_};
  constexpr std::uint64_t kOneFunction = 0xff;
  constexpr std::uint64_t kOneData = 0x0101010101010101;
  for (unsigned i = 0; i < kMaxFunctions; ++i) {
    if (function_uses_[i] != 0 && (used & kOneFunction << 8 * i) == 0)
      unused.functions |= static_cast<std::uint8_t>(1U << i);
    if (data_uses_[i] != 0 && (used & kOneData << i) == 0) unused.data |= static_cast<std::uint8_t>(1U << i);
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

}  // namespace tpfuzz
