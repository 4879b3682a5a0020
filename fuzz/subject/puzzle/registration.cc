// Mistakes in the rest of a registration.
#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz::puzzle {

struct RelaxedPublish : HostEnv {};
struct HookLeftOn : HostEnv {};
struct EnableAfterPublish : HostEnv {};
struct HookWithoutMutex : HostEnv {};
struct DisableAfterUnlock : HostEnv {};
struct BatchRemovesOne : HostEnv {};
struct BatchForgetsTracepoint : HostEnv {};
struct BatchAwaitsOnce : HostEnv {};
struct KeepsState : HostEnv {
  static inline const void* tracepoint;  // of the probe that was registered last
  static inline tp::Probe last;
};

}  // namespace tpfuzz::puzzle

namespace tp {

using namespace tpfuzz::puzzle;

template <>
void Registry<RelaxedPublish>::publish(State<RelaxedPublish>& tracepoint, Entry* array) {
  tracepoint.funcs.store(array, std::memory_order_relaxed);
}

template <>
int Registry<HookLeftOn>::insert(State<HookLeftOn>& tracepoint, const Probe& probe) {
  const Locked lock;
  Entry* const old = tracepoint.funcs.load(std::memory_order_relaxed);
  if (old == nullptr)
    if (const int refused = tracepoint.hooks.enable(tracepoint.hooks.context)) return refused;
  Change change{&tracepoint, old};
  if (const int error = Arrays<HookLeftOn>::insert(old, probe, change.fresh)) return error;
  start(change, true);
  run({&change, 1});
  return 0;
}

template <>
int Registry<EnableAfterPublish>::insert(State<EnableAfterPublish>& tracepoint, const Probe& probe) {
  const Locked lock;
  Entry* const old = tracepoint.funcs.load(std::memory_order_relaxed);
  Change change{&tracepoint, old};
  const int error = Arrays<EnableAfterPublish>::insert(old, probe, change.fresh);
  if (error == 0) {
    start(change, true);
    run({&change, 1});
  }
  const int refused = old == nullptr ? tracepoint.hooks.enable(tracepoint.hooks.context) : 0;
  if (refused == 0 && error != 0 && old == nullptr) disable(tracepoint);
  return refused != 0 ? refused : error;
}

template <>
int Registry<HookWithoutMutex>::insert(State<HookWithoutMutex>& tracepoint, const Probe& probe) {
  const bool first = tracepoint.funcs.load(std::memory_order_relaxed) == nullptr;
  if (first)
    if (const int refused = tracepoint.hooks.enable(tracepoint.hooks.context)) return refused;
  const Locked lock;
  Change change{&tracepoint, tracepoint.funcs.load(std::memory_order_relaxed)};
  if (const int error = Arrays<HookWithoutMutex>::insert(change.old, probe, change.fresh)) {
    if (first) disable(tracepoint);
    return error;
  }
  start(change, true);
  run({&change, 1});
  return 0;
}

template <>
void Registry<DisableAfterUnlock>::disable(State<DisableAfterUnlock>&) {}

template <>
int Registry<DisableAfterUnlock>::remove(State<DisableAfterUnlock>& tracepoint, std::span<const Probe> probes) {
  Change change;
  {
    const Locked lock;
    change = {&tracepoint, tracepoint.funcs.load(std::memory_order_relaxed)};
    if (const int error = prepare(change, probes)) return error;
    run({&change, 1});
  }
  if (change.fresh == nullptr) tracepoint.hooks.disable(tracepoint.hooks.context);
  return 0;
}

template <>
int Registry<BatchRemovesOne>::remove(State<BatchRemovesOne>& tracepoint, std::span<const Probe> probes) {
  const Locked lock;
  Change change{&tracepoint, tracepoint.funcs.load(std::memory_order_relaxed)};
  if (const int error = prepare(change, probes.first(1))) return error;
  run({&change, 1});
  return 0;
}

template <>
void Registry<BatchForgetsTracepoint>::run(std::span<Change> changes) {
  if (changes.size() > 1) changes = changes.first(changes.size() - 1);
  for (bool more = true; more;) {
    more = false;
    for (Change& change : changes) run_to_wait(change);
    for (Change& change : changes)
      if (stands_at_wait(change)) {
        BatchForgetsTracepoint::works_on(*change.tracepoint);
        wait(changes, change.steps[change.next]);
        more = true;
      }
  }
  for (Change& change : changes)
    if (change.fresh != change.old) free_old(change);
}

template <>
void Registry<BatchAwaitsOnce>::wait(std::span<Change> changes, Step step) {
  BatchAwaitsOnce::point(before(step.what));
  bool awaited = false;
  for (Change& change : changes) {
    if (!stands_at_wait(change)) continue;
    const Step& its = change.steps[change.next];
    if (its.what != step.what || its.cookie != step.cookie) continue;
    BatchAwaitsOnce::works_on(*change.tracepoint);
    if (its.what == Point::await && !std::exchange(awaited, true)) await(*change.tracepoint, its.cookie);
    ++change.next;
  }
  BatchAwaitsOnce::point(step.what);
}

template <>
int Registry<KeepsState>::insert(State<KeepsState>& tracepoint, const Probe& probe) {
  const Locked lock;
  if (KeepsState::tracepoint == &tracepoint && KeepsState::last.same(probe)) return -EEXIST;
  Entry* const old = tracepoint.funcs.load(std::memory_order_relaxed);
  if (old == nullptr)
    if (const int refused = tracepoint.hooks.enable(tracepoint.hooks.context)) return refused;
  Change change{&tracepoint, old};
  if (const int error = Arrays<KeepsState>::insert(old, probe, change.fresh)) {
    if (old == nullptr) disable(tracepoint);
    return error;
  }
  start(change, true);
  run({&change, 1});
  KeepsState::tracepoint = &tracepoint;
  KeepsState::last = probe;
  return 0;
}

template <>
int Registry<KeepsState>::remove(State<KeepsState>& tracepoint, std::span<const Probe> probes) {
  const Locked lock;
  for (const Probe& probe : probes)
    if (KeepsState::last.same(probe)) KeepsState::tracepoint = nullptr;
  Change change{&tracepoint, tracepoint.funcs.load(std::memory_order_relaxed)};
  if (const int error = prepare(change, probes)) return error;
  run({&change, 1});
  return 0;
}

}  // namespace tp

namespace tpfuzz::puzzle {

TPFUZZ_TRACEPOINTS(RelaxedPublish, relaxed_publish, pass);
TPFUZZ_TRACEPOINTS(HookLeftOn, hook_left_on, pass);
TPFUZZ_TRACEPOINTS(EnableAfterPublish, enable_after_publish, pass);
TPFUZZ_TRACEPOINTS(HookWithoutMutex, hook_without_mutex, pass);
TPFUZZ_TRACEPOINTS(DisableAfterUnlock, disable_after_unlock, pass);
TPFUZZ_TRACEPOINTS(BatchRemovesOne, batch_removes_one, pass);
TPFUZZ_TRACEPOINTS(BatchForgetsTracepoint, batch_forgets_tracepoint, pass);
TPFUZZ_TRACEPOINTS(BatchAwaitsOnce, batch_awaits_once, pass);
TPFUZZ_TRACEPOINTS(KeepsState, keeps_state, pass);

namespace {

constexpr Puzzle kPuzzles[] = {
    {.name = "relaxed-publish",
     .mistake = "the array is published without release",
     .found_by = "",
     .found_by_tsan = "race",
     .harmless = "x86-64 stores in order; but the compiler need not",
     .make = make<RelaxedPublish, relaxed_publish_rows>},
    {.name = "hook-left-on",
     .mistake = "a failed first registration leaves the hook on",
     .found_by = "hooks",
     .make = make<HookLeftOn, hook_left_on_rows>},
    {.name = "enable-after-publish",
     .mistake = "the enable hook runs after the first probe is published",
     .found_by = "hooks quiescent snapshot",
     .make = make<EnableAfterPublish, enable_after_publish_rows>},
    {.name = "hook-without-mutex",
     .mistake = "the enable hook runs before the mutex is taken",
     .found_by = "hooks",
     .make = make<HookWithoutMutex, hook_without_mutex_rows>},
    {.name = "disable-after-unlock",
     .mistake = "the disable hook runs after the mutex is given back",
     .found_by = "hooks",
     .make = make<DisableAfterUnlock, disable_after_unlock_rows>},
    {.name = "batch-removes-one",
     .mistake = "a batch of removals removes its first probe only",
     .found_by = "quiescent snapshot hooks result",
     .make = make<BatchRemovesOne, batch_removes_one_rows>},
    {.name = "batch-forgets-tracepoint",
     .mistake = "a batch over several tracepoints does not run the transition of the last",
     .found_by = "quiescent snapshot result hooks grace",
     .make = make<BatchForgetsTracepoint, batch_forgets_tracepoint_rows>},
    {.name = "batch-awaits-once",
     .mistake = "cookies per tracepoint, but a batch over several tracepoints awaits the first one's only",
     .found_by = "pairing snapshot",
     .lines = "cookies: per-tracepoint\n",
     .make = make<BatchAwaitsOnce, batch_awaits_once_rows>},
    {.name = "keeps-state",
     .mistake = "the probe registered last is refused until it is unregistered by its name, even over a reset",
     .found_by = "result",
     .replays_alone = false,
     .make = make<KeepsState, keeps_state_rows>},
};

}  // namespace

std::span<const Puzzle> registration() { return kPuzzles; }

}  // namespace tpfuzz::puzzle
