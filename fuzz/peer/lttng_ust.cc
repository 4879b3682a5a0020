#include "fuzz/peer/lttng_ust.h"

#include <array>
#include <utility>

// The call sites are LTTng's, whose macros define functions that nobody has to use; no provider is linked.
#define LTTNG_UST_TRACEPOINT_DEFINE
#define LTTNG_UST_TRACEPOINT_PROBE_DYNAMIC_LINKAGE
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-function"
#include <lttng/tracepoint.h>
LTTNG_UST_TRACEPOINT_EVENT(tpfuzz, tp0, LTTNG_UST_TP_ARGS(), LTTNG_UST_TP_FIELDS())
LTTNG_UST_TRACEPOINT_EVENT(tpfuzz, tp1, LTTNG_UST_TP_ARGS(), LTTNG_UST_TP_FIELDS())
LTTNG_UST_TRACEPOINT_EVENT(tpfuzz, tp2, LTTNG_UST_TP_ARGS(), LTTNG_UST_TP_FIELDS())
LTTNG_UST_TRACEPOINT_EVENT(tpfuzz, tp3, LTTNG_UST_TP_ARGS(), LTTNG_UST_TP_FIELDS())
#pragma clang diagnostic pop

// Exported, but declared in no installed header.
extern "C" {
int lttng_ust_tp_probe_unregister_queue_release(const char* provider, const char* event, void (*func)(), void* data);
void lttng_ust_tp_probe_prune_release_queue();
}

namespace tpfuzz {
namespace {

struct Row {
  const char* event;
  lttng_ust_tracepoint* tracepoint;
  void (*sites[kMaxSites])();
};
#define TPFUZZ_ROW(event)                                                                      \
  {                                                                                            \
    #event, &lttng_ust_tracepoint_tpfuzz___##event, {                                          \
      [] { lttng_ust_tracepoint(tpfuzz, event); }, [] { lttng_ust_tracepoint(tpfuzz, event); } \
    }                                                                                          \
  }
constexpr const char* kProvider = "tpfuzz";
constexpr Row kRows[kMaxTracepoints] = {TPFUZZ_ROW(tp0), TPFUZZ_ROW(tp1), TPFUZZ_ROW(tp2), TPFUZZ_ROW(tp3)};
#undef TPFUZZ_ROW

std::vector<ProbeCall> calls;
std::array<char, kMaxData> data;  // its element N is data number N

template <int func>
void note(void* its) {
  calls.push_back({func, its != nullptr ? static_cast<int>(static_cast<char*>(its) - data.data()) : kNullData});
}

// LTTng keeps every function as a `void()`, and calls it as what it is.
template <int... func>
constexpr std::array<void (*)(void*), kMaxFunctions> all_notes(std::integer_sequence<int, func...>) {
  return {&note<func>...};
}
constexpr std::array kNotes = all_notes(std::make_integer_sequence<int, kMaxFunctions>());

using Untyped = void (*)();
void* pointer(const Probe& probe) { return probe.data == kNullData ? nullptr : &data[probe.data]; }
Untyped function(const Probe& probe) { return reinterpret_cast<Untyped>(kNotes[probe.func]); }

int register_probe(const Operation& operation, const Sequence& sequence) {
  const Row& row = kRows[operation.tp];
  const char* const signature = row.tracepoint->signature;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if ((operation.probes >> slot & 1) != 0) {
      const Probe probe = sequence.probes[slot].value_or(Probe{});
      return lttng_ust_tracepoint_provider_register(kProvider, row.event, function(probe), pointer(probe), signature);
    }
  return lttng_ust_tracepoint_provider_register(kProvider, row.event, nullptr, nullptr, signature);
}

int unregister_all(const Row& row) {
  return lttng_ust_tracepoint_provider_unregister(kProvider, row.event, nullptr, nullptr);
}

// Of one tracepoint; the release is still to come.
int queue_probes(const Row& row, std::uint8_t probes, const Sequence& sequence) {
  std::optional<int> first;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if ((probes >> slot & 1) != 0) {
      const Probe probe = sequence.probes[slot].value_or(Probe{});
      const int result =
          lttng_ust_tp_probe_unregister_queue_release(kProvider, row.event, function(probe), pointer(probe));
      if (!first) first = result;
    }
  return *first;
}

int unregister_probes(const Operation& operation, const Sequence& sequence) {
  if (operation.probes == 0) return unregister_all(kRows[operation.tp]);
  int error = 0;
  for_each_tracepoint(operation, [&](int tp) {
    const int result = queue_probes(kRows[tp], probes_at(operation, tp), sequence);
    if (error == 0) error = result;
  });
  lttng_ust_tp_probe_prune_release_queue();
  return error;
}

int perform(const Operation& operation, const Sequence& sequence) {
  switch (operation.verb) {
    case Verb::register_probe:
      return register_probe(operation, sequence);
    case Verb::unregister_probe:
      return unregister_probes(operation, sequence);
    case Verb::sync:
      lttng_ust_tp_probe_prune_release_queue();
      return 0;
    case Verb::hit:
      kRows[operation.tp].sites[operation.site]();
      return 0;
    case Verb::run:
      break;
  }
  return 0;
}

}  // namespace

Sequence comparable(Sequence sequence) {
  for (auto& probe : sequence.probes)
    if (probe) probe->prio = kDefaultPriority;
  Sequence common;
  common.probes = sequence.probes;
  for (Operation operation : sequence.operations) {
    if (operation.verb == Verb::run) continue;
    operation.prio.reset();
    operation.fail = 0;
    operation.hook_fails = false;
    operation.parks.clear();
    common.operations.push_back(operation);
  }
  return common;
}

std::vector<Outcome> run_on_lttng_ust(const Sequence& sequence) {
  std::vector<Outcome> outcomes;
  for (const Operation& operation : sequence.operations) {
    calls.clear();
    const int result = perform(operation, sequence);
    outcomes.push_back({result, calls});
  }
  for (const Row& row : kRows) unregister_all(row);
  return outcomes;
}

}  // namespace tpfuzz
