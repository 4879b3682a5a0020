#include "fuzz/subject/usage.h"

#include <cstdint>

#include "fuzz/subject/subject.h"

namespace tpfuzz {

void Usage::register_begins(int tracepoint, const Probe& probe) {
  used_ |= 1U << tracepoint;
  registering_.begin(number(probe));
  for (Pairs& pairs : registered_meanwhile_) pairs.set(number(probe));
  const auto use = [&](Objects& objects) {
    objects.functions |= bit(probe.func);
    if (probe.data != kNullData) objects.data |= bit(probe.data);
  };
  use(used_once_);
  for (Objects& objects : used_meanwhile_) use(objects);
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

Usage::Objects Usage::unused() const {
  Pairs used;
  for (const Pairs& pairs : registered_) used |= pairs;
  used |= registering_.pairs() | removing_.pairs();
  Objects unused = used_once_;
  for (std::size_t i = 0; i < kPairs; ++i) {
    if (!used.test(i)) continue;
    const auto function = static_cast<std::uint8_t>(i / kDataNumbers),
               data = static_cast<std::uint8_t>(i % kDataNumbers);
    unused.functions &= static_cast<std::uint8_t>(~bit(function));
    if (data != kNullData) unused.data &= static_cast<std::uint8_t>(~bit(data));
  }
  return unused;
}

Usage::Unused Usage::sync_begins() {
  std::size_t sync = 0;
  while (syncs_.test(sync)) ++sync;
  syncs_.set(sync);
  used_meanwhile_[sync] = {};
  return {unused(), static_cast<int>(sync)};
}

Usage::Objects Usage::sync_ends(const Unused& before) {
  const auto sync = static_cast<std::size_t>(before.sync);
  syncs_.reset(sync);
  const Objects now = unused();
  const auto gone = [](std::uint8_t then, std::uint8_t still, std::uint8_t used_since) {
    return static_cast<std::uint8_t>(then & still & ~used_since);
  };
  const Objects goes{gone(before.functions, now.functions, used_meanwhile_[sync].functions),
                     gone(before.data, now.data, used_meanwhile_[sync].data)};
  used_once_.functions &= static_cast<std::uint8_t>(~goes.functions);
  used_once_.data &= static_cast<std::uint8_t>(~goes.data);
  return goes;
}

void Usage::describe(StateDigest& digest, bool with_syncs) const {
  digest.value(registered_);
  digest.value(registering_.pairs());
  digest.value(removing_.pairs());
  for (std::size_t removal = 0; removal < kRemovals; ++removal)
    if (removals_.test(removal)) digest.value(registered_meanwhile_[removal]);
  if (!with_syncs) return;
  const auto tell = [&](const Objects& objects) { digest.word(std::uint64_t{objects.functions} << 8 | objects.data); };
  tell(used_once_);
  for (std::size_t sync = 0; sync < kSyncs; ++sync)
    if (syncs_.test(sync)) tell(used_meanwhile_[sync]);
}

}  // namespace tpfuzz
