// Mistakes in the rest of a registration.
#include <algorithm>
#include <atomic>
#include <utility>

#include "fuzz/subject/mistake/mistake.h"
#include "fuzz/subject/mistake/mistaken_env.h"

namespace tpfuzz {
namespace {

constinit Mistake relaxed_publish{"relaxed-publish", "the array is published without release"};
constinit Mistake publishes_null_first{"publishes-null-first", "a publish stores NULL before it stores the new array"};
constinit Mistake waits_for_itself{"waits-for-itself",
                                   "a publish spins until `funcs` changes, which only the one who spins could do"};
constinit Mistake hook_left_on{"hook-left-on", "a failed first registration leaves the hook on"};
constinit Mistake enable_after_publish{"enable-after-publish",
                                       "the enable hook runs after the first probe is published"};
constinit Mistake hook_without_mutex{"hook-without-mutex", "the enable hook runs before the mutex is taken"};
constinit Mistake disable_after_unlock{"disable-after-unlock", "the disable hook runs after the mutex is given back"};
constinit Mistake batch_removes_one{"batch-removes-one", "a batch of removals removes its first probe only"};
constinit Mistake batch_forgets_tracepoint{"batch-forgets-tracepoint",
                                           "a batch over several tracepoints does not run the transition of the last"};
constinit Mistake keeps_state{
    "keeps-state", "the probe registered last is refused until it is unregistered by its name, even over a reset"};

using State = tp::State<MistakenEnv>;

// The probe that was registered last: the one thing that outlives an execution. Two writers may run at once.
class LastProbe {
 public:
  void set(const State& tracepoint, const tp::Probe& probe) {
    tracepoint_ = &tracepoint;
    func_ = probe.func;
    data_ = probe.data;
  }
  void forget_if(const tp::Probe& probe) {
    if (names(probe)) tracepoint_ = nullptr;
  }
  bool is(const State& tracepoint, const tp::Probe& probe) const { return tracepoint_ == &tracepoint && names(probe); }

 private:
  bool names(const tp::Probe& probe) const { return probe.same({func_, data_, 0}); }

  std::atomic<const State*> tracepoint_ = nullptr;
  std::atomic<tp::Function> func_ = nullptr;
  std::atomic<void*> data_ = nullptr;
};
constinit LastProbe last;

}  // namespace

void mistake::run_late_hooks() {
  for (const State*& its : mine().disabled) {
    const State* const tracepoint = std::exchange(its, nullptr);
    if (tracepoint == nullptr) continue;
    MistakenEnv::works_on(*tracepoint);
    tracepoint->hooks.disable(tracepoint->hooks.context);
  }
}

bool mistake::remembers_registration() { return keeps_state.on(); }

std::span<Mistake* const> mistake::of_registration() {
  static constexpr Mistake* kAll[] = {&relaxed_publish,      &publishes_null_first, &waits_for_itself,
                                      &hook_left_on,         &enable_after_publish, &hook_without_mutex,
                                      &disable_after_unlock, &batch_removes_one,    &batch_forgets_tracepoint,
                                      &keeps_state};
  return kAll;
}

}  // namespace tpfuzz

namespace tpfuzz::internal {

using namespace tpfuzz;

template <>
void Registry<MistakenEnv>::publish(State<MistakenEnv>& tracepoint, Entry* array) {
  const auto order = relaxed_publish.on() ? std::memory_order_relaxed : std::memory_order_release;
  if (publishes_null_first.on()) tracepoint.funcs.store(nullptr, order);
  tracepoint.funcs.store(array, order);
  if (waits_for_itself.on())  // the loop passes no point
    while (tracepoint.funcs.load(std::memory_order_acquire) == array) continue;
}

template <>
void Registry<MistakenEnv>::disable(State<MistakenEnv>& tracepoint) {
  if (!disable_after_unlock.on()) return tracepoint.hooks.disable(tracepoint.hooks.context);
  auto& its = mine().disabled;
  const auto free = std::ranges::find(its, nullptr);
  if (free != its.end()) *free = &tracepoint;
}

// The enable hook runs once: before the mutex is taken, or after the publish, or in its place.
template <>
int Registry<MistakenEnv>::insert(State<MistakenEnv>& tracepoint, const Probe& probe) {
  bool enabled = false;
  const auto enable = [&] {
    const int refused = tracepoint.hooks.enable(tracepoint.hooks.context);
    enabled = refused == 0;
    return refused;
  };
  const bool early = hook_without_mutex.on(), late = enable_after_publish.on() && !early;
  if (early && tracepoint.funcs.load(std::memory_order_relaxed) == nullptr)
    if (const int refused = enable()) return refused;
  const Locked lock;
  Entry* const old = tracepoint.funcs.load(std::memory_order_relaxed);
  const bool first = old == nullptr;
  const auto fail = [&](int error) {
    if (enabled && !hook_left_on.on()) disable(tracepoint);
    return error;
  };
  if (keeps_state.on() && last.is(tracepoint, probe)) return fail(-EEXIST);
  if (first && !early && !late)
    if (const int refused = enable()) return refused;
  Change change{&tracepoint, old};
  const int error = Arrays<MistakenEnv>::insert(old, probe, change.fresh);
  if (error == 0) {
    start(change, true);
    run({&change, 1});
  }
  if (first && late)
    if (const int refused = enable()) return refused;
  if (error != 0) return fail(error);
  if (keeps_state.on()) last.set(tracepoint, probe);
  return 0;
}

template <>
int Registry<MistakenEnv>::remove(State<MistakenEnv>& tracepoint, std::span<const Probe> probes) {
  const Locked lock;
  if (keeps_state.on())
    for (const Probe& probe : probes) last.forget_if(probe);
  if (batch_removes_one.on()) probes = probes.first(std::min<std::size_t>(probes.size(), 1));
  Change change{&tracepoint, tracepoint.funcs.load(std::memory_order_relaxed)};
  if (const int error = prepare(change, probes)) return error;
  run({&change, 1});
  return 0;
}

template <>
void Registry<MistakenEnv>::run_batch(std::span<Change> changes) {
  if (batch_forgets_tracepoint.on() && changes.size() > 1) changes = changes.first(changes.size() - 1);
  run(changes);
}

}  // namespace tpfuzz::internal
