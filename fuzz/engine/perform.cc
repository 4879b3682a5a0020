#include "fuzz/engine/perform.h"

#include <algorithm>
#include <bit>
#include <boost/container/static_vector.hpp>
#include <utility>

#include "fuzz/sequence/vocabulary.h"
#include "fuzz/subject/point_log.h"
#include "fuzz/subject/probe_objects.h"

namespace tpfuzz {
namespace {

using Probes = boost::container::static_vector<Probe, kMaxProbes>;
using RawProbes = std::array<tp::Probe, kMaxProbes>;

// Operations are out of line: a CPU that is stopped in one of them has what this one needs on its stack, and not what
// all of them need. Exploration saves and reads the whole stack at each step.

ProbeObjects& objects() { return ProbeObjects::instance(); }

// What `operation` names of tracepoint `tp`.
Probes probes_of(const Sequence& sequence, const Operation& operation, int tp) {
  Probes probes;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if ((probes_at(operation, tp) >> slot & 1) != 0) {
      probes.push_back(sequence.probes[slot].value_or(Probe{}));
      if (operation.prio) probes.back().prio = *operation.prio;
    }
  if (probes.empty()) probes.push_back({kNoFunction});
  return probes;
}

[[gnu::noinline]] int perform_register(Subject& subject, const Sequence& sequence, const Operation& operation) {
  const int tracepoint = operation.tp;
  const Probe probe = probes_of(sequence, operation, tracepoint)[0];
  const tp::Probe raw = objects().register_begins(tracepoint, probe);
  const int result = subject.register_probe(tracepoint, raw);
  objects().register_ends(tracepoint, probe, result == 0);
  return result;
}

[[gnu::noinline]] int perform_unregister(Subject& subject, const Sequence& sequence, const Operation& operation) {
  const int tracepoint = operation.tp;
  const Probes its = probes_of(sequence, operation, tracepoint);
  const std::span<const Probe> probes(its.data(), its.size());
  RawProbes raw;
  const Usage::Removal removal = objects().unregister_begins(probes, raw.data());
  const int result = subject.unregister_probes(tracepoint, {raw.data(), probes.size()});
  objects().unregister_ends(tracepoint, probes, result == 0, removal);
  return result;
}

// Which of them was removed in spite of an error its user does not know, so all stay in use.
[[gnu::noinline]] int perform_batch(Batches& batches, const Sequence& sequence, const Operation& operation) {
  struct Part {
    int tracepoint;
    Probes probes;
    RawProbes raw;
    Usage::Removal removal;
  };
  boost::container::static_vector<Part, kMaxTracepoints> parts;
  boost::container::static_vector<RemovalPart, kMaxTracepoints> removals;
  for_each_tracepoint(operation, [&](int tp) {
    Part& part = parts.emplace_back(Part{tp, probes_of(sequence, operation, tp), {}, {}});
    part.removal = objects().unregister_begins({part.probes.data(), part.probes.size()}, part.raw.data());
    removals.push_back({tp, {part.raw.data(), part.probes.size()}});
  });
  const int result = batches.unregister_batch({removals.data(), removals.size()});
  for (const Part& part : parts)
    objects().unregister_ends(part.tracepoint, {part.probes.data(), part.probes.size()}, result == 0, part.removal);
  return result;
}

// What is in no use by what register and unregister have returned; of a `free`, of that probe.
Usage::Unused begin_sync(const Sequence& sequence, const Operation& operation) {
  Usage::Unused unused = objects().sync_begins();
  if (operation.verb != Verb::free_probe) return unused;
  const Probe probe = sequence.probes[static_cast<std::size_t>(std::countr_zero(operation.probes))].value_or(Probe{});
  unused.functions &= static_cast<std::uint8_t>(1U << probe.func);
  unused.data &= static_cast<std::uint8_t>(probe.data == kNullData ? 0 : 1U << probe.data);
  return unused;
}

[[gnu::noinline]] void perform_taking_away(Subject& subject, const Sequence& sequence, const Operation& operation) {
  const Usage::Unused unused = begin_sync(sequence, operation);
  subject.sync(waited_for(operation));
  objects().sync_ends(unused);
  pass_point(tp::Point::freed);
}

}  // namespace

int perform(Subject& subject, const Sequence& sequence, const Operation& operation) {
  switch (operation.verb) {
    case Verb::register_probe:
      return perform_register(subject, sequence, operation);
    case Verb::unregister_probe:
      if (spans_tracepoints(operation)) return perform_batch(*subject.batches(), sequence, operation);
      return perform_unregister(subject, sequence, operation);
    case Verb::sync:
    case Verb::free_probe:
      perform_taking_away(subject, sequence, operation);
      return 0;
    case Verb::key_inc:
      return subject.counted_keys()->hold_key(operation.tp);
    case Verb::key_dec:
      return subject.counted_keys()->release_key(operation.tp);
    case Verb::hit:
      subject.hit(operation.tp, operation.site);
      return 0;
    case Verb::run:
      break;
  }
  return 0;
}

void declare(Subject& subject, const Sequence& sequence) {
  for (int tp = 0; tp < kMaxTracepoints; ++tp) subject.declare(tp, readers_of(sequence, tp));
}

namespace {

bool is_key_change(const Operation& operation) { return changes_key(operation.verb); }

// Makes `value` what a subject has that lacks it; tells whether that is a change.
template <class T>
bool leave_out(T& value, const T& instead) {
  return std::exchange(value, instead) != instead;
}

template <class Set>
Set lowest_of(Set probes) {
  return static_cast<Set>(probes & -probes);
}

}  // namespace

const Sequence& Possible::of(const Sequence& sequence, Subject& subject) {
  const Abilities abilities = subject.abilities();
  const bool batches = subject.batches() != nullptr;
  left_out_ = {};
  left_out_.key_changes = subject.counted_keys() == nullptr && std::ranges::any_of(sequence.operations, is_key_change);
  if (batches && abilities == Abilities{} && !left_out_.key_changes) [[likely]]
    return sequence;
  rest_ = sequence;
  if (left_out_.key_changes)
    rest_.operations.erase(std::remove_if(rest_.operations.begin(), rest_.operations.end(), is_key_change),
                           rest_.operations.end());
  for (auto& probe : rest_.probes)
    if (probe && !abilities.priorities) left_out_.priorities |= leave_out(probe->prio, kDefaultPriority);
  if (!abilities.faultable_readers) left_out_.faultable_readers |= leave_out(rest_.faultable, Faultable{0});
  for (Operation& operation : rest_.operations) {
    if (!abilities.priorities) left_out_.priorities |= leave_out(operation.prio, {});
    if (!abilities.failing_allocations) left_out_.failing_allocations |= leave_out(operation.fail, std::uint8_t{0});
    if (!abilities.failing_hooks) left_out_.failing_hooks |= leave_out(operation.hook_fails, false);
    if (!abilities.faultable_readers) left_out_.faultable_readers |= leave_out(operation.domain, {});
    if (!abilities.several_probes && operation.verb == Verb::unregister_probe)
      left_out_.several_probes |= leave_out(operation.probes, lowest_of(operation.probes));
    if (!batches) left_out_.batches |= leave_out(operation.further, {});
  }
  return rest_;
}

std::string Possible::left_out() const {
  std::string words;
  const auto add = [&](bool is_left_out, const char* what) {
    if (is_left_out) words += (words.empty() ? "" : ", ") + std::string(what);
  };
  add(left_out_.priorities, "priorities");
  add(left_out_.failing_allocations, "failing allocations");
  add(left_out_.failing_hooks, "failing hooks");
  add(left_out_.several_probes, "further probes of a removal");
  add(left_out_.faultable_readers, "faultable readers");
  add(left_out_.batches, "batches over several tracepoints");
  add(left_out_.key_changes, "a key with a count");
  return words;
}

std::string Possible::note(const Subject& subject) const {
  const std::string words = left_out();
  return words.empty() ? words : subject.name() + " lacks " + words + ": the sequence runs without";
}

void reset(Subject& subject) {
  subject.reset();
  objects().reset();
}

const Operation* worker_line(const Sequence& sequence, int run) {
  for (const Operation& operation : sequence.operations)
    if (operation.cpu.kind == Cpu::Kind::worker && run-- == 0) return &operation;
  return nullptr;
}

}  // namespace tpfuzz
