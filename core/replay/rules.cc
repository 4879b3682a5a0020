#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/replay/replay_state.h"

namespace tpfuzz::replay {
namespace {

std::string words(std::span<const Probe> list) {
  const Test& test = *the_replay().test;
  std::string all;
  for (const Probe& probe : list)
    all.append(all.empty() ? "" : ", ")
        .append(test.functions[static_cast<std::size_t>(probe.function)])
        .append(" with ")
        .append(probe.data == no_data ? "NULL" : test.data[static_cast<std::size_t>(probe.data)]);
  return all.empty() ? "nothing" : all;
}

// Those of `list` that are not in `later` were stubbed in place meanwhile: the hit may have called them or not.
bool matches(std::span<const Probe> calls, std::span<const Probe> list, std::span<const Probe> later) {
  std::size_t call = 0;
  for (const Probe& probe : list) {
    if (call < calls.size() && calls[call].same(probe))
      ++call;
    else if (contains(later, probe))
      return false;
  }
  return call == calls.size();
}

// grace: what a `sync` or a free has taken away does not run and is not touched.
[[noreturn]] void fail_grace(const Probe& called) {
  fail("grace", "calls " + words({&called, 1}) + ", which was taken away");
}

}  // namespace

void print(std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts)
    if (write(STDOUT_FILENO, part.data(), part.size()) < 0) return;
}

void fail(std::string_view invariant, std::string_view what) {
  print({"FAIL protocol=", the_replay().protocol_name, " invariant=", invariant, ": ",
         me == kNobody ? std::string_view() : std::string_view(self().place), what, "\n"});
  _exit(1);
}

bool contains(std::span<const Probe> list, const Probe& probe) {
  return std::ranges::any_of(list, [&](const Probe& other) { return other.same(probe); });
}

Plan plan_registration(const CpuState& its, const std::vector<Probe>& list) {
  const Probe& probe = its.probes.front();
  if (list.empty() && its.options.hook_refuses) return {-EPERM};
  if (probe.function < 0) return {-EINVAL};
  if (contains(list, probe)) return {-EEXIST};
  if (its.options.fail == 1) return {-ENOMEM};
  Version version{list};
  version.list.insert(std::ranges::find_if(version.list, [&](const Probe& other) { return other.prio < probe.prio; }),
                      probe);
  return {0, version};
}

Plan plan_removal(const CpuState& its, const std::vector<Probe>& list, bool enomem_fails) {
  if (list.empty()) return {-ENOENT};
  Version version;
  for (const Probe& probe : list)
    if (its.probes.front().function >= 0 && !contains(its.probes, probe)) version.list.push_back(probe);
  version.by_stub = !version.list.empty() && its.options.fail == 1;
  if (version.by_stub && enomem_fails) return {-ENOMEM};
  return {0, version};
}

void commit() {
  if (!self().plan.version) return;
  for (const Probe& probe : self().plan.version->list) the_replay().ever_registered.push_back(probe);
  model().versions.push_back(*std::exchange(self().plan.version, std::nullopt));
}

void judge_hit() {
  CpuState& its = self();
  if (std::exchange(its.judged, true)) return;
  if (its.calls.empty() && its.key_was_off) return;
  const std::vector<Version>& versions = model().versions;
  for (std::size_t i = its.first_version; i < versions.size(); ++i) {
    std::size_t last_stub = i;
    while (last_stub + 1 < versions.size() && versions[last_stub + 1].by_stub) ++last_stub;
    if (matches(its.calls, versions[i].list, versions[last_stub].list)) return;
  }
  fail("snapshot", "calls " + words(its.calls) + "; that was the list at no time of the hit");
}

void check_result(int result) {
  commit();
  if (result != self().plan.result)
    fail("result", "returns " + std::to_string(result) + " and not " + std::to_string(self().plan.result));
  if (const std::optional<int> expected = self().options.expected; expected && result != *expected)
    fail("result", "returns " + std::to_string(result) + " and not " + std::to_string(*expected));
}

// pairing: a function runs only with data that some probe had registered with it. What is gone is no function any more,
// so that comes first. Without the iterator in front the function is where the static call arrives.
void arrive(std::size_t index, void* data) {
  Replay& replay = the_replay();
  CpuState& its = self();
  const std::size_t lives = replay.functions.front().size();
  const Object& function = replay.functions[index / lives][index % lives];
  const Object& its_data = data != nullptr ? *static_cast<Object*>(data) : replay.nothing;
  const Probe called{function.number, its_data.number, 0};
  if (function.gone) fail_grace(called);
  if (!contains(replay.ever_registered, called)) fail("pairing", "calls " + words({&called, 1}));
  its.calls.push_back(called);
  if (its_data.gone) fail_grace(called);
  if (its.dispatched) return;
  ReplayEnv::point(Point::dispatched);
  if (function.gone || its_data.gone) fail_grace(called);
  ReplayEnv::point(Point::called);
}

void catch_faults() {
  struct sigaction action = {};
  action.sa_handler = [](int signal) {
    fail("fault", signal == SIGILL ? "runs an illegal instruction" : "takes a memory fault");
  };
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL}) sigaction(signal, &action, nullptr);
}

}  // namespace tpfuzz::replay
