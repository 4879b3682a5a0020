#include "fuzz/subject/core_subject.h"

#include <algorithm>
#include <utility>

#include "core/tracepoint.h"
#include "fuzz/subject/host_env.h"

namespace tpfuzz {

TRACEPOINT_DECLARE_IN(HostEnv, tracepoint_0, void());
TRACEPOINT_DECLARE_IN(HostEnv, tracepoint_1, void());
TRACEPOINT_DECLARE_IN(HostEnv, tracepoint_2, void());
TRACEPOINT_DECLARE_IN(HostEnv, tracepoint_3, void());
TRACEPOINT_DEFINE_IN(HostEnv, tracepoint_0);
TRACEPOINT_DEFINE_IN(HostEnv, tracepoint_1);
TRACEPOINT_DEFINE_IN(HostEnv, tracepoint_2);
TRACEPOINT_DEFINE_IN(HostEnv, tracepoint_3);

namespace {

using Registry = tp::Registry<HostEnv>;
using State = tp::State<HostEnv>;

// The call sites: functions of their own, so that each is there exactly once in every build. They share no cache line
// with other code: a write to a line that was executed empties the processor's pipeline.
template <const auto& tracepoint, int site>
[[gnu::noinline, gnu::aligned(64)]] void pass() {
  tracepoint.hit();
}

struct Row {
  State& (*state)();
  void (*sites[kMaxSites])();
};

template <const auto& tracepoint>
constexpr Row row() {
  return {[]() -> State& { return tracepoint.untyped(); }, {&pass<tracepoint, 0>, &pass<tracepoint, 1>}};
}

constexpr Row kTracepoints[kMaxTracepoints] = {row<tracepoint_0>(), row<tracepoint_1>(), row<tracepoint_2>(),
                                               row<tracepoint_3>()};

State& state_of(int tracepoint) { return kTracepoints[tracepoint].state(); }

// The data of the probes: only their addresses count.
std::array<char, kMaxData> data_objects;

int data_number(const void* data) {
  const auto offset = reinterpret_cast<std::uintptr_t>(data) - reinterpret_cast<std::uintptr_t>(data_objects.data());
  return offset < data_objects.size() ? static_cast<int>(offset) : kMaxData;
}

// A probe's function. Where the static call came here directly, this is where the reader arrives.
template <int number>
void function(void* data) {
  const bool direct = !host().dispatched();
  host().call(number, data_number(data));
  if (!direct) return;
  host().point(tp::Point::dispatched);
  host().point(tp::Point::called);
}

constexpr auto kFunctions = []<int... numbers>(std::integer_sequence<int, numbers...>) {
  return std::array<void (*)(void*), sizeof...(numbers)>{&function<numbers>...};
}(std::make_integer_sequence<int, kMaxFunctions>());

tp::Probe core_probe(const Probe& probe) {
  if (probe.func == kNoFunction) return {};
  return {reinterpret_cast<tp::Function>(kFunctions[probe.func]), &data_objects[probe.data], probe.prio};
}

constexpr tp::Hooks kHooks = {[](void*) { return host().hook(true); }, [](void*) { host().hook(false); }, nullptr};

// Puts the text of one owner back as it was before the first registration: nobody runs it now. Sites that hold the
// right instruction are left alone, as every write may cost the processor its decoded code.
template <class Encode>
void restore(tp::Site* first, Encode encode) {
  for (tp::Site* site = first; site != nullptr; site = site->next) {
    const tp::Instruction original = encode(*site);
    if (tp::text::read(*site) == original) continue;
    tp::text::write(*site, original);
    host().text_changed();
  }
}

void restore(State& state) {
  state.funcs.store(nullptr, std::memory_order_relaxed);
  restore(state.key.sites, [](const tp::Site& site) { return tp::branch_instruction(site, false); });
  state.key.enabled = false;
  const auto iterator = reinterpret_cast<std::uintptr_t>(state.iterator);
  restore(state.call.sites, [iterator](const tp::Site& site) { return tp::call_instruction(site, iterator); });
  state.call.target = state.iterator;
}

}  // namespace

CoreSubject::CoreSubject(tp::Protocol protocol) { Registry::instance().set_protocol(std::move(protocol)); }

std::optional<std::string> CoreSubject::prepare() {
  for (int i = 0; i < kMaxTracepoints; ++i) state_of(i).hooks = kHooks;
  return HostEnv::prepare();
}

void CoreSubject::reset() {
  for (int i = 0; i < kMaxTracepoints; ++i)
    if (std::atomic<bool>& used = used_[static_cast<std::size_t>(i)]; used.load(std::memory_order_relaxed)) {
      used.store(false, std::memory_order_relaxed);
      restore(state_of(i));
    }
  Registry::instance().forget();
}

int CoreSubject::register_probe(int tracepoint, const Probe& probe) {
  used_[static_cast<std::size_t>(tracepoint)].store(true, std::memory_order_relaxed);
  return Registry::instance().insert(state_of(tracepoint), core_probe(probe));
}

int CoreSubject::unregister_probes(int tracepoint, std::span<const Probe> probes) {
  std::array<tp::Probe, kMaxProbes> removed;
  std::ranges::transform(probes, removed.begin(), core_probe);
  return Registry::instance().remove(state_of(tracepoint), {removed.data(), probes.size()});
}

void CoreSubject::sync() {
  HostEnv::synchronize();
  HostEnv::point(tp::Point::freed);
}

void CoreSubject::hit(int tracepoint, int site) { kTracepoints[tracepoint].sites[site](); }

bool CoreSubject::worker_outstanding() const { return Registry::instance().worker().outstanding(); }

void CoreSubject::run_worker() { Registry::instance().worker().run_once(); }

bool CoreSubject::enomem_fails() const { return Registry::instance().protocol().enomem_fails; }

}  // namespace tpfuzz
