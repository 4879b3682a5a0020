#include "fuzz/subject/probe_objects.h"

#include "fuzz/subject/arrive.h"
#include "fuzz/subject/host.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

std::optional<Error> ProbeObjects::prepare() {
  static const std::optional<Error> refused = instance().functions_.prepare(&arrive);
  return refused;
}

void ProbeObjects::reset() {
  if (functions_.reset()) host().text_changed();
  data_.reset();
  usage_.reset();
}

void ProbeObjects::save(SavedBytes& out) const {
  out.put(functions_.retired());
  out.put(data_.released());
  out.put(usage_);
}

bool ProbeObjects::restore(SavedReader& in) {
  const bool wrote = functions_.retire_exactly(in.take<Functions::Retired>());
  data_.release_exactly(in.take<Data::Released>());
  in.take_into(usage_);
  return wrote;
}

void ProbeObjects::describe(StateDigest& digest, bool with_syncs) const {
  digest.numbers(functions_.retired());
  digest.numbers(data_.released());
  usage_.describe(digest, with_syncs);
}

tp::Probe ProbeObjects::current(const Probe& probe) const {
  if (probe.func == kNoFunction) return {};
  return {functions_.current(probe.func), data_.current(probe.data), probe.prio};
}

tp::Probe ProbeObjects::register_begins(int tracepoint, const Probe& probe) {
  const SpinLocked locked(lock_, shared_);
  if (probe.func != kNoFunction) usage_.register_begins(tracepoint, probe);
  return current(probe);
}

void ProbeObjects::register_ends(int tracepoint, const Probe& probe, bool registered) {
  const SpinLocked locked(lock_, shared_);
  if (probe.func != kNoFunction) usage_.register_ends(tracepoint, probe, registered);
}

Usage::Removal ProbeObjects::unregister_begins(std::span<const Probe> probes, tp::Probe* current_probes) {
  const SpinLocked locked(lock_, shared_);
  for (const Probe& probe : probes) *current_probes++ = current(probe);
  return usage_.unregister_begins(probes);
}

void ProbeObjects::unregister_ends(int tracepoint, std::span<const Probe> probes, bool removed, Usage::Removal begun) {
  const SpinLocked locked(lock_, shared_);
  usage_.unregister_ends(tracepoint, probes, removed, begun);
}

Usage::Unused ProbeObjects::sync_begins() {
  const SpinLocked locked(lock_, shared_);
  return usage_.sync_begins();
}

void ProbeObjects::sync_ends(const Usage::Unused& before) {
  const SpinLocked locked(lock_, shared_);
  const Usage::Objects gone = usage_.sync_ends(before);
  for (int number = 0; number < kMaxFunctions; ++number)
    if ((gone.functions >> number & 1) != 0) functions_.retire(number);
  for (int number = 0; number < kMaxData; ++number)
    if ((gone.data >> number & 1) != 0) {
      clobber(data_.current(number));
      data_.release(number);
    }
  if (gone.functions != 0) host().text_changed();
}

}  // namespace tpfuzz
