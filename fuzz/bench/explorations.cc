// What exhaustive exploration takes: states, steps from one to the next, and the executions that the same schedules
// would be, each by itself.
#include "fuzz/bench/explorations.h"

#include <benchmark/benchmark.h>

#include <cmath>
#include <string>

#include "fuzz/bench/sequences.h"
#include "fuzz/explore/executions.h"
#include "fuzz/explore/explorer.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"

namespace tpfuzz::bench {
namespace {

std::optional<int> operations_of(const Bounds& bounds) { return bounds.operations; }
std::optional<int> operations_of(const Sequence&) { return std::nullopt; }

// Explores `what`: bounds, or a sequence.
template <class What>
void explore_it(benchmark::State& state, const char* protocol, const What& what,
                PointSet stops = Stepper::kNamedPoints) {
  if (!ScheduledEngine::kCanSave) return state.SkipWithError("a sanitizer has books of its own on stacks");
  const auto subject = core_subject(tp::shipped_protocol(protocol));
  Explored explored;
  for ([[maybe_unused]] auto _ : state) explored = explore(*subject, what, {.stops = stops});
  state.counters["states"] = static_cast<double>(explored.states);
  state.counters["steps"] = static_cast<double>(explored.steps);
  if (explored.broken) {
    state.counters["operations"] = explored.operations;
    return;
  }
  Executions executions(operations_of(what));
  explore(*subject, what, {.stops = stops, .executions = &executions});
  if (const double count = executions.count(); std::isfinite(count)) state.counters["executions"] = count;
}

void add(const std::string& name, const char* protocol, const Bounds& bounds) {
  benchmark::RegisterBenchmark(("explore/" + name + "/" + protocol).c_str(),
                               [=](benchmark::State& state) { explore_it(state, protocol, bounds); })
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

}  // namespace

void register_explorations() {
  for (const char* protocol :
       {"231264d", "cookies", "worker", "iterator", "547305a", "c8b186a", "352384d", "f7ec412", "worker-sketch"})
    add("5 operations", protocol, {.operations = 5});
  add("5 operations, faultable", "cookies", {.operations = 5, .faultable = true});
  add("6 operations, 4 probes", "cookies", {.operations = 6, .probes = 4});
  add("4 operations, 2 readers", "cookies", {.operations = 4, .readers = 2});
  for (const char* protocol : {"231264d", "cookies", "worker", "iterator"})
    add("any length", protocol, {.operations = {}});
  const auto one_two_one = [](const char* name, PointSet stops) {
    benchmark::RegisterBenchmark(name, [stops](benchmark::State& state) {
      explore_it(state, "cookies", std::get<Sequence>(parse_text(kOneTwoOne)), stops);
    })->Unit(benchmark::kMillisecond);
  };
  one_two_one("explore/1->2->1/cookies", Stepper::kNamedPoints);
  one_two_one("explore/1->2->1, visible/cookies", kVisiblePoints);
}

}  // namespace tpfuzz::bench
