#include <algorithm>
#include <utility>

#include "core/replay/replay_state.h"

namespace tpfuzz::replay {
namespace {

Registry& registry() { return Registry::instance(); }

// The life that has not ended yet.
Object& newest(std::vector<Object>& lives) { return *std::ranges::find(lives, false, &Object::gone); }
Object& function_of(const Probe& probe) {
  return newest(the_replay().functions[static_cast<std::size_t>(probe.function)]);
}
Object& datum_of(const Probe& probe) {
  return probe.data == no_data ? the_replay().nothing : newest(the_replay().data[static_cast<std::size_t>(probe.data)]);
}

// What the library knows the probe as.
internal::Probe current(const Probe& probe) {
  if (probe.function < 0) return {};
  Object& function = function_of(probe);
  Object* const datum = probe.data == no_data ? nullptr : &datum_of(probe);
  return {reinterpret_cast<internal::Function>(the_replay().test->callbacks[function.index]), datum, probe.prio};
}

internal::State<ReplayEnv>& state() {
  return *the_replay().test->tracepoints[static_cast<std::size_t>(self().options.tracepoint)].state;
}

bool in_use(const Object& object) {
  const auto uses = [&](const Probe& probe) { return &function_of(probe) == &object || &datum_of(probe) == &object; };
  return std::ranges::any_of(the_replay().registering, uses) ||
         std::ranges::any_of(the_replay().models,
                             [&](const Model& its) { return std::ranges::any_of(its.registered, uses); });
}

// Those of `objects` that nobody uses go, after the readers of `domains`.
void take_away(std::span<Object* const> objects, Domains domains) {
  begin({});
  std::vector<std::pair<Object*, unsigned>> unused;  // with how often they had been used by then
  for (Object* const object : objects)
    if (object->uses != 0 && !in_use(*object)) unused.emplace_back(object, object->uses);
  domains.for_each(&ReplayEnv::synchronize);
  for (const auto& [object, uses] : unused)
    if (!object->gone && object->uses == uses && !in_use(*object)) object->gone = true;
  ReplayEnv::point(Point::freed);
  end();
}

}  // namespace

void register_probe(const Probe& probe, const Options& options) {
  begin(options);
  self().registers = true;
  self().probes = {{probe.function, probe.data, options.prio.value_or(probe.prio)}};
  std::vector<Probe>& registering = the_replay().registering;
  if (probe.function >= 0) {
    registering.push_back(probe);
    ++function_of(probe).uses;
    ++datum_of(probe).uses;
  }
  const int result = registry().insert(state(), current(self().probes.front()));
  if (probe.function >= 0) {
    registering.erase(std::ranges::find_if(registering, [&](const Probe& other) { return other.same(probe); }));
    if (result == 0) model().registered.push_back(probe);
  }
  check_result(result);
  end();
}

void unregister_probes(std::initializer_list<Probe> probes, const Options& options) {
  begin(options);
  self().registers = false;
  self().probes = probes;
  std::vector<internal::Probe> removed;
  for (const Probe& probe : probes) removed.push_back(current(probe));
  const int result = registry().remove(state(), removed);
  if (result == 0)
    std::erase_if(model().registered, [&](const Probe& probe) {
      return self().probes.front().function < 0 || contains(self().probes, probe);
    });
  check_result(result);
  end();
}

void sync(Domains domains) {
  std::vector<Object*> all;
  for (auto& lives : the_replay().functions) all.push_back(&newest(lives));
  for (auto& lives : the_replay().data) all.push_back(&newest(lives));
  take_away(all, domains);
}

void free_probe(const Probe& probe, std::initializer_list<Domain> domains) {
  Domains all;
  for (const Domain domain : domains) all |= domain;
  std::vector<Object*> its = {&function_of(probe)};
  if (&datum_of(probe) != &the_replay().nothing) its.push_back(&datum_of(probe));
  take_away(its, all);
}

void hit(const Options& options) {
  begin(options);
  CpuState& its = self();
  its.dispatched = false;
  its.judged = false;
  its.key_was_off = model().key_off;
  its.first_version = model().versions.size() - 1;
  its.calls.clear();
  const Tracepoint& tracepoint = the_replay().test->tracepoints[static_cast<std::size_t>(options.tracepoint)];
  tracepoint.sites[static_cast<std::size_t>(options.site)]();
  judge_hit();  // if it found the key off
  end();
}

void worker_k0() {
  for (;;) {
    self().wait_is_over = [] { return the_replay().stopping || registry().worker().outstanding(); };
    while (!self().wait_is_over()) stop();
    self().wait_is_over = nullptr;
    if (the_replay().stopping) return;
    begin({});
    registry().worker().run_once();
    end();
  }
}

}  // namespace tpfuzz::replay
