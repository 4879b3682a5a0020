// A history as a value: written, put back, and described by what of it makes a difference to what comes.
#include <algorithm>
#include <utility>

#include "fuzz/oracle/history.h"
#include "fuzz/subject/state_digest.h"

namespace tpfuzz {
namespace {

std::uint64_t word_of(std::uint64_t high, std::uint64_t middle, std::uint64_t low) {
  return high << 32 | middle << 16 | low;
}

// The functions that a hit calls with their data, in their order: seven bits a call. A list of eight probes fits, after
// a one that tells lists of different lengths apart.
std::uint64_t calls_of(const ProbeList& list, const Sequence& sequence) {
  static_assert(kMaxProbes * 7 < 64 && kMaxFunctions <= 1 << 3 && kDataNumbers <= 1 << 4);
  std::uint64_t calls = 1;
  for (const Registered& registered : list) {
    const Probe probe = sequence.probes[registered.slot].value_or(Probe{});
    calls = calls << 7 | static_cast<std::uint64_t>(probe.func) << 4 | probe.data;
  }
  return calls;
}

void describe(StateDigest& digest, const ProbeList& list) {
  digest.word(list.size());
  for (const Registered& registered : list)
    digest.word(word_of(registered.slot, 0, 0) ^ static_cast<std::uint32_t>(registered.prio));
}

// How far `count` is ahead of `reached`.
std::uint64_t ahead(std::size_t count, std::size_t reached) { return count > reached ? count - reached : 0; }

// Whether the calls of a hit, so far, are the first ones of what `list` calls.
bool begins_with(const ProbeList& list, const Hit& hit, const Sequence& sequence) {
  if (hit.calls.size() > list.size()) return false;
  for (std::size_t i = 0; i < hit.calls.size(); ++i) {
    const Probe probe = sequence.probes[list[i].slot].value_or(Probe{});
    if (hit.calls[i].func != probe.func || hit.calls[i].data != probe.data) return false;
  }
  return true;
}

}  // namespace

void History::save(SavedBytes& out) const {
  out.put(started_);
  out.put(nested_);
  out.put(pairs_);
  out.put(writes_);
  for (const TracepointHistory& its : tracepoints_) {
    out.put(static_cast<const TracepointValues&>(its));
    out.put(its.versions.size());
    for (const Version& version : its.versions) {
      out.put(version.by_stub);
      out.put(version.enables);
      out.put(version.one_by_one);
      out.put_all(version.list);
    }
  }
  for (std::size_t cpu = 0; cpu < cpus_.size(); ++cpu) {
    if (!started_.test(cpu)) continue;
    const CpuHistory& its = cpus_[cpu];
    out.put(its.planned);
    out.put(its.last_point);
    out.put(its.patches_call);
    if (is_reader(static_cast<int>(cpu))) save(out, its.hits[0]);
    if (nested_.test(cpu)) save(out, its.hits[1]);
    if (!is_writer(static_cast<int>(cpu))) continue;
    out.put(its.concerned);
    for (std::size_t tp = 0; tp < its.parts.size(); ++tp)
      if (its.concerned.test(tp)) save(out, its.parts[tp]);
  }
}

void History::restore(SavedReader& in) {
  in.take_into(started_);
  in.take_into(nested_);
  in.take_into(pairs_);
  in.take_into(writes_);
  for (TracepointHistory& its : tracepoints_) {
    in.take_into(static_cast<TracepointValues&>(its));
    its.versions.resize(in.take<std::size_t>());
    for (Version& version : its.versions) {
      in.take_into(version.by_stub);
      in.take_into(version.enables);
      in.take_into(version.one_by_one);
      in.take_all_into(version.list);
    }
  }
  for (std::size_t cpu = 0; cpu < cpus_.size(); ++cpu) {
    if (!started_.test(cpu)) continue;
    CpuHistory& its = cpus_[cpu];
    in.take_into(its.planned);
    in.take_into(its.last_point);
    in.take_into(its.patches_call);
    if (is_reader(static_cast<int>(cpu))) restore(in, its.hits[0]);
    if (nested_.test(cpu)) restore(in, its.hits[1]);
    if (!is_writer(static_cast<int>(cpu))) continue;
    in.take_into(its.concerned);
    for (std::size_t tp = 0; tp < its.parts.size(); ++tp)
      if (its.concerned.test(tp)) restore(in, its.parts[tp]);
  }
}

void History::save(SavedBytes& out, const Hit& hit) {
  out.put(static_cast<const HitValues&>(hit));
  out.put_all(hit.calls);
}

void History::restore(SavedReader& in, Hit& hit) {
  in.take_into(static_cast<HitValues&>(hit));
  in.take_all_into(hit.calls);
}

void History::save(SavedBytes& out, const PartHistory& part) {
  out.put(part.plan.result);
  out.put(part.plan.change);
  out.put(part.plan.transition);
  out.put(part.plan.one_by_one);
  out.put(part.plan.hooks);
  out.put_all(part.plan.list);
  out.put(part.hooks);
  out.put(part.version);
}

void History::restore(SavedReader& in, PartHistory& part) {
  in.take_into(part.plan.result);
  in.take_into(part.plan.change);
  in.take_into(part.plan.transition);
  in.take_into(part.plan.one_by_one);
  in.take_into(part.plan.hooks);
  in.take_all_into(part.plan.list);
  in.take_into(part.hooks);
  in.take_into(part.version);
}

Permits History::describe(StateDigest& digest, std::bitset<kMaxCpus> busy, ListNumbers& numbers) const {
  Permits permits;
  for (std::size_t slot = 0; slot < sequence_->probes.size(); ++slot)
    if (const auto& probe = sequence_->probes[slot])
      permits.registered |= std::uint64_t{registered(probe->func, probe->data)} << slot;
  digest.begin(DigestPart::versions);
  for (const TracepointHistory& its : tracepoints_) describe(digest, its);
  for (int number = 0; number < kMaxCpus; ++number) {
    const auto index = static_cast<std::size_t>(number);
    if (!busy.test(index)) continue;
    const CpuHistory& its = cpus_[index];
    if (is_reader(number)) {
      digest.begin(DigestPart::hits);
      digest.word(nested_.test(index));
      std::uint64_t& lists = permits.hits[static_cast<std::size_t>(reader_of(number))];
      lists = describe(digest, its.hits[0], numbers);
      if (nested_.test(index)) {
        digest.word(std::exchange(lists, 0));  // the outer hit's count as they are
        lists = describe(digest, its.hits[1], numbers);
      }
    } else if (is_writer(number)) {
      digest.begin(DigestPart::plans);
      digest.word(its.planned);
      for (std::size_t tp = 0; its.planned && tp < tracepoints_.size(); ++tp)
        if (its.concerned.test(tp)) describe(digest, its.parts[tp], tracepoints_[tp]);
    }
  }
  return permits;
}

// A hit that begins later sees the lists from the last that has returned on.
void History::describe(StateDigest& digest, const TracepointHistory& its) const {
  const bool is_as_at_start = its.versions.size() == 1 && its.enables == 0 && its.enabled == 0 && its.holders == 0;
  digest.word(is_as_at_start);
  if (is_as_at_start) return;
  const std::size_t from = std::min(its.returned, its.current);
  digest.word(word_of(its.current - from, its.returned - from, ahead(its.stubbing, from)));
  digest.word(
      word_of(its.versions.size() - from, ahead(its.enables, its.enabled), static_cast<std::uint64_t>(its.holders)));
  std::size_t published = its.current;
  while (its.versions[published].by_stub) --published;
  if (published != its.current) tpfuzz::describe(digest, its.versions[published].list);
  for (std::size_t i = from; i < its.versions.size(); ++i) {
    const Version& version = its.versions[i];
    digest.word(word_of(version.by_stub, version.one_by_one, ahead(version.enables, its.enabled)));
    tpfuzz::describe(digest, version.list);
  }
}

// Of the lists that a hit may have seen, the ones that it can still turn out to have called count, and in no order:
// they are what it returns, a bit each. In an order they count from the first version on that may be seen in part, or
// whose hook has not run yet.
std::uint64_t History::describe(StateDigest& digest, const Hit& hit, ListNumbers& numbers) const {
  const TracepointHistory& its = tracepoints_[static_cast<std::size_t>(hit.tracepoint)];
  const std::span<const Version> all(its.versions.data(), its.versions.size());
  digest.word(word_of(static_cast<std::uint64_t>(hit.tracepoint),
                      std::uint64_t{hit.held} << 6 | std::uint64_t{hit.asks_for_key} << 5 |
                          std::uint64_t{hit.keyed} << 4 | std::uint64_t{hit.direct} << 3 |
                          std::uint64_t{hit.dispatched} << 2 | std::uint64_t{hit.left} << 1 |
                          std::uint64_t{hit.left_after == hit.calls.size()},
                      hit.calls.size()));
  for (const Call& call : hit.calls) digest.word(word_of(0, call.func, call.data));
  const auto is_simple = [&its](const Version& version) {
    return !version.by_stub && !version.one_by_one && version.enables <= its.enabled;
  };
  const auto is_empty = [](const Version& version) { return version.list.empty(); };
  const std::size_t from = std::min(hit.returned, hit.current);
  const auto ordered = std::ranges::find_if_not(all.subspan(from), is_simple);
  std::size_t tail = from + static_cast<std::size_t>(ordered - all.subspan(from).begin());
  if (tail != all.size()) tail = std::max(tail, from + 1) - 1;  // in part, it is seen with the one before
  const auto before_tail = [&](std::size_t begin, std::size_t end) {
    return all.subspan(begin, std::max(std::min(end, tail), begin) - begin);
  };
  std::uint64_t permitted = std::uint64_t{!hit.keyed && std::ranges::any_of(before_tail(hit.returned, tail), is_empty)}
                            << Permits::kNothing;
  for (const Version& version : before_tail(hit.current, std::max(its.current, its.stubbing) + 1)) {
    if (!begins_with(version.list, hit, *sequence_)) continue;
    const std::optional<int> number = numbers.of(calls_of(version.list, *sequence_));
    if (!number) {
      tail = from;
      permitted = 0;
      break;
    }
    permitted |= std::uint64_t{1} << *number;
  }
  if (tail == all.size()) return permitted;
  digest.word(word_of(1, all.size() - std::max(hit.returned, tail), all.size() - std::max(hit.current, tail)));
  for (const Version& version : all.subspan(tail)) {
    digest.word(word_of(version.by_stub, version.one_by_one, ahead(version.enables, its.enabled)));
    tpfuzz::describe(digest, version.list);
  }
  return permitted;
}

void History::describe(StateDigest& digest, const PartHistory& part, const TracepointHistory& tracepoint) {
  digest.word(word_of(static_cast<std::uint32_t>(part.plan.result), static_cast<std::uint64_t>(part.plan.change),
                      part.plan.transition ? 1 + static_cast<std::uint64_t>(*part.plan.transition) : 0));
  digest.word(word_of(static_cast<std::uint64_t>(part.plan.hooks.enable << 8 | part.plan.hooks.disable),
                      static_cast<std::uint64_t>(part.hooks.enable << 8 | part.hooks.disable),
                      part.version ? 1 + ahead(*part.version, tracepoint.current) : 0));
  tpfuzz::describe(digest, part.plan.list);
}

}  // namespace tpfuzz
