#include "fuzz/explore/reduce.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "fuzz/explore/canonical.h"
#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

// Each pass tries all changes of its kind, and keeps those that leave a simpler sequence that still shows the same.
class Reduction {
 public:
  Reduction(Sequence sequence, Trials& trials) : trials_(trials), best_(std::move(sequence)), complexity_(best_) {}

  Sequence run() {
    constexpr std::array kPasses = {
        &Reduction::drop_operations,   &Reduction::drop_parks,      &Reduction::drop_properties,
        &Reduction::name_fewer_probes, &Reduction::merge_probes,    &Reduction::use_simpler_names,
        &Reduction::shorten_parks,     &Reduction::move_parks,      &Reduction::lower_properties,
        &Reduction::lower_priorities,  &Reduction::separate_probes, &Reduction::lower_cpus,
        &Reduction::swap_lines,
    };
    do {
      changed_ = false;
      for (const auto pass : kPasses) (this->*pass)();
    } while (changed_);
    return best_;
  }

 private:
  // Keeps what `change` makes of the best sequence if that is valid, simpler, and shows the same.
  template <class Change>
  bool attempt(Change change) {
    Sequence candidate = best_;
    change(candidate);
    if (validate(candidate)) return false;
    Complexity complexity(candidate);
    if (complexity >= complexity_ || !trials_.reproduces(candidate)) return false;
    best_ = std::move(candidate);
    complexity_ = std::move(complexity);
    return changed_ = true;
  }

  // Calls `visit(index)` for each operation, the last first.
  template <class Visit>
  void for_each_operation(Visit visit) {
    for (std::size_t i = best_.operations.size(); i-- > 0;) visit(i);
  }

  // Calls `visit(park)` for each park; `park(sequence)` is that park of a sequence with as many.
  template <class Visit>
  void for_each_park(Visit visit) {
    for_each_operation([&](std::size_t operation) {
      for (std::size_t i = best_.operations[operation].parks.size(); i-- > 0;)
        visit(
            [=](Sequence& sequence) {
              return sequence.operations[operation].parks.begin() + static_cast<std::ptrdiff_t>(i);
            },
            operation);
    });
  }

  // The numbers below `value` from `low` on, in place of it: the first that does.
  template <class Set>
  void lower(int low, int value, Set set) {
    for (int lower = low; lower < value; ++lower)
      if (attempt([&](Sequence& sequence) { set(sequence, static_cast<std::uint8_t>(lower)); })) return;
  }

  // Ranges of operations, each size half of the one before.
  void drop_operations() {
    for (std::size_t size = std::max<std::size_t>(best_.operations.size() / 2, 1); size > 0; size /= 2)
      for (std::size_t end = best_.operations.size(); end > 0; end -= std::min(end, size))
        attempt([&](Sequence& sequence) {
          const auto begin = sequence.operations.begin();
          sequence.operations.erase(begin + static_cast<std::ptrdiff_t>(end - std::min(end, size)),
                                    begin + static_cast<std::ptrdiff_t>(end));
        });
  }

  void drop_parks() {
    for_each_operation(
        [&](std::size_t i) { attempt([i](Sequence& sequence) { sequence.operations[i].parks.clear(); }); });
    for_each_park([&](auto park, std::size_t i) {
      attempt([&](Sequence& sequence) { sequence.operations[i].parks.erase(park(sequence)); });
    });
  }

  void drop_properties() {
    for (const Property& property : properties()) {
      attempt([&](Sequence& sequence) {
        for (Operation& operation : sequence.operations) property.set(operation, std::nullopt);
      });
      for_each_operation([&](std::size_t i) {
        attempt([&](Sequence& sequence) { property.set(sequence.operations[i], std::nullopt); });
      });
    }
    attempt([](Sequence& sequence) { sequence.faultable = 0; });
    for (int tp = 0; tp < kMaxTracepoints; ++tp)
      attempt([tp](Sequence& sequence) { sequence.faultable &= static_cast<Faultable>(~tracepoint_bit(tp)); });
    for_each_operation([&](std::size_t i) {
      attempt([i](Sequence& sequence) { sequence.operations[i].expect.reset(); });
      attempt([i](Sequence& sequence) { sequence.operations[i].domain.reset(); });
      simplify_free(i);
      attempt([i](Sequence& sequence) { hit_nested_alone(sequence.operations[i]); });
      attempt([i](Sequence& sequence) { declare_priority(sequence, sequence.operations[i]); });
    });
  }

  // The free of an owner who waits for all readers, or for nobody; or a sync in its place.
  void simplify_free(std::size_t i) {
    if (best_.operations[i].verb != Verb::free_probe) return;
    attempt([i](Sequence& sequence) { sequence.operations[i].after = tp::kEveryDomain; });
    attempt([i](Sequence& sequence) { sequence.operations[i].after = {}; });
    attempt([i](Sequence& sequence) {
      Operation& operation = sequence.operations[i];
      operation.verb = Verb::sync;
      operation.probes = 0;
      operation.after = {};
    });
  }

  // The hit that the probes make, in place of the one that they are called by.
  static void hit_nested_alone(Operation& operation) {
    if (operation.nested) operation.tp = *std::exchange(operation.nested, std::nullopt);
  }

  // One probe less of a batch; a probe, or all of them, in place of NULL.
  void name_fewer_probes() {
    for_each_operation([&](std::size_t i) {
      if (!changes_probes(best_.operations[i].verb)) return;
      for (unsigned probes = 1; probes <= std::numeric_limits<std::uint8_t>::max(); ++probes)
        if (const unsigned named = best_.operations[i].probes; named == 0 || (named & probes) == probes)
          attempt([&](Sequence& sequence) { sequence.operations[i].probes = static_cast<std::uint8_t>(probes); });
      for (std::size_t tp = 0; tp < kMaxTracepoints; ++tp) reduce_batch(i, tp);
    });
  }

  // None, or one probe less, of a further tracepoint; or that one alone in place of the batch.
  void reduce_batch(std::size_t i, std::size_t tp) {
    const unsigned named = best_.operations[i].further[tp];
    for (unsigned probes = 0; probes < named; ++probes)
      if ((named & probes) == probes)
        attempt([&](Sequence& sequence) { sequence.operations[i].further[tp] = static_cast<std::uint8_t>(probes); });
    if (best_.operations[i].further[tp] != 0)
      attempt([&](Sequence& sequence) {
        Operation& operation = sequence.operations[i];
        operation.tp = static_cast<std::uint8_t>(tp);
        operation.probes = std::exchange(operation.further[tp], std::uint8_t{0});
      });
  }

  // The priority that the operation gives becomes the probe's own.
  static void declare_priority(Sequence& sequence, Operation& operation) {
    for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
      if (operation.probes == probe_bit(slot) && operation.prio) sequence.probes[slot]->prio = *operation.prio;
    operation.prio.reset();
  }

  // One probe in place of two.
  void merge_probes() {
    for (std::size_t gone = kMaxProbes; gone-- > 0;)
      for (std::size_t stays = 0; stays < kMaxProbes; ++stays) {
        if (stays == gone || !best_.probes[gone] || !best_.probes[stays]) continue;
        attempt([&](Sequence& sequence) {
          sequence.probes[gone].reset();
          const auto merge = [&](std::uint8_t& probes) {
            if ((probes & probe_bit(gone)) != 0)
              probes = static_cast<std::uint8_t>((probes & ~probe_bit(gone)) | probe_bit(stays));
          };
          for (Operation& operation : sequence.operations) {
            merge(operation.probes);
            for (std::uint8_t& probes : operation.further) merge(probes);
          }
        });
      }
  }

  void use_simpler_names() {
    attempt([](Sequence& sequence) { sequence = canonical(sequence); });
    attempt([](Sequence& sequence) { sequence = canonical_with_arguments(sequence); });
  }

  void shorten_parks() {
    for_each_park([&](auto park, std::size_t) {
      lower(1, park(best_)->events, [&](Sequence& sequence, std::uint8_t events) { park(sequence)->events = events; });
      lower(1, park(best_)->nth, [&](Sequence& sequence, std::uint8_t nth) { park(sequence)->nth = nth; });
    });
  }

  // To simpler points.
  void move_parks() {
    for_each_park([&](auto park, std::size_t i) {
      for (const tp::Point point : points_of(best_.operations[i].verb))
        attempt([&](Sequence& sequence) {
          park(sequence)->point = point;
          park(sequence)->nth = 1;
        });
    });
  }

  // All but a priority, which has no simplest value of its own.
  void lower_properties() {
    for (const Property& property : properties()) {
      if (property.low < 0) continue;
      for_each_operation([&](std::size_t i) {
        lower(property.low, property.get(best_.operations[i]).value_or(property.low),
              [&](Sequence& sequence, std::uint8_t value) { property.set(sequence.operations[i], value); });
      });
    }
  }

  void lower_priorities() {
    for (std::size_t slot = 0; slot < kMaxProbes; ++slot) {
      const auto set = [&](std::int32_t prio) {
        if (best_.probes[slot]) attempt([&](Sequence& sequence) { sequence.probes[slot]->prio = prio; });
      };
      for (int rank = 0; rank < kMaxProbes; ++rank) set(simple_priority(rank));
      for (const std::int32_t prio : kExtremePriorities) set(prio);
    }
  }

  // A function and data of its own for each probe.
  void separate_probes() {
    for (std::uint8_t slot = 0; slot < kMaxProbes; ++slot) {
      if (!best_.probes[slot]) continue;
      attempt([&](Sequence& sequence) { sequence.probes[slot]->func = slot; });
      attempt([&](Sequence& sequence) { sequence.probes[slot]->data = slot; });
      attempt([&](Sequence& sequence) { sequence.probes[slot]->func = sequence.probes[slot]->data = slot; });
    }
  }

  void lower_cpus() {
    for_each_operation([&](std::size_t i) {
      lower(0, best_.operations[i].cpu.index,
            [&](Sequence& sequence, std::uint8_t index) { sequence.operations[i].cpu.index = index; });
    });
  }

  void swap_lines() {
    for (std::size_t i = 1; i < best_.operations.size(); ++i)
      attempt([&](Sequence& sequence) { std::swap(sequence.operations[i - 1], sequence.operations[i]); });
  }

  Trials& trials_;
  Sequence best_;
  Complexity complexity_;
  bool changed_ = false;
};

}  // namespace

Sequence reduce(Sequence sequence, Trials& trials) { return Reduction(std::move(sequence), trials).run(); }

}  // namespace tpfuzz
