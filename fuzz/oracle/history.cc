#include "fuzz/oracle/history.h"

#include <signal.h>

#include <cerrno>
#include <utility>

#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

bool changes_list(const Operation& operation) { return changes_probes(operation.verb); }

// Whether a point tells of a writer's list, or of what the writer patches.
bool is_noted(tp::Point point) {
  static constexpr std::uint64_t kNoted = [] {
    std::uint64_t points = 0;
    for (int i = 0; i < tp::kPoints; ++i) {
      const auto point = static_cast<tp::Point>(i);
      const bool before_patch = tp::is_before(point) && tp::row(point).kind == tp::PointKind::patch;
      if (before_patch || point == tp::Point::begun || point == tp::Point::publish || point == tp::Point::trapped)
        points |= std::uint64_t{1} << i;
    }
    return points;
  }();
  return (kNoted >> static_cast<int>(point) & 1) != 0;
}

}  // namespace

void History::start(const Sequence& sequence, const Rules& rules) {
  sequence_ = &sequence;
  rules_ = rules;
  for (TracepointHistory& tracepoint : tracepoints_) {
    tracepoint.versions.resize(1);  // the empty list, which nothing changes
    tracepoint.current = tracepoint.returned = tracepoint.stubbing = 0;
    tracepoint.enables = tracepoint.enabled = 0;
    tracepoint.holders = 0;
    tracepoint.published = tracepoint.patched = tracepoint.keyed = {};
  }
  started_.reset();
  nested_.reset();
  pairs_.reset();
  writes_ = 0;
}

void History::add(const Event& event) {
  switch (event.kind) {
    case Event::Kind::started:
      return start_operation(event);
    case Event::Kind::passed:
      return pass({&event, 1});
    case Event::Kind::parked:
      return park(event);
    case Event::Kind::resumed:
      return resume(event);
    case Event::Kind::called:
      return call(event);
    case Event::Kind::hooked:
      return hook(event);
    case Event::Kind::faulted:
      return fault(event);
    case Event::Kind::nested:
      return nest(event);
    case Event::Kind::completed:
      return complete(event);
    default:
      return;
  }
}

void History::park(const Event& event) {
  if (tp::is_access(event.point) && is_writer(event.cpu) && changes_list(operation(event))) note_stubs(event, false);
  if (!is_reader(event.cpu)) return;
  if ((tp::row(event.point).touches & tp::touched::trap) != 0) innermost(event).asks_for_key = !innermost(event).keyed;
  if (event.point != tp::Point::load_entry) return;
  if (last_point(event) == tp::Point::locked) observe_load(event);
  observe_reload(event);
}

// A reader that stood in the trap of the key finds the key as it is now.
void History::resume(const Event& event) {
  if (!is_reader(event.cpu)) return;
  Hit& its = innermost(event);
  if (std::exchange(its.asks_for_key, false)) its.observed = tracepoint(event).keyed;
}

void History::hook(const Event& event) {
  make_plan(event);
  PartHistory& its = part(event);
  ++(event.func == 1 ? its.hooks.enable : its.hooks.disable);
  if (event.func == 1 && event.result == 0) ++tracepoint(event).enabled;
}

// A hit whose memory is gone, or was never there, has met the latest store. A trap is a function's that is gone.
void History::fault(const Event& event) {
  observe_reload(event);
  if (is_reader(event.cpu) && event.result != SIGTRAP) observe(innermost(event), tracepoint(event).published);
}

void History::nest(const Event& event) {
  nested_.set(event.cpu);
  start_hit(event, event.data);
}

Window History::window(const Event& event) const {
  const TracepointHistory& its = tracepoint(event);
  const Hit& its_hit = hit(event);
  const std::span<const Version> all(its.versions.data(), its.versions.size());
  const std::size_t last = std::max(its.current, its.stubbing);
  return {all.subspan(its_hit.returned), all.subspan(its_hit.current, last + 1 - its_hit.current), its_hit.keyed};
}

void History::start_operation(const Event& event) {
  CpuHistory& its = cpu(event);
  if (!started_.test(event.cpu)) {
    its.hits[0] = {};
    its.patches_call = false;
  }
  started_.set(event.cpu);
  its.planned = false;
  its.last_point.reset();
  if (is_writer(event.cpu)) {
    its.concerned.reset();
    for_each_tracepoint(operation(event), [&](int tp) {
      its.concerned.set(static_cast<std::size_t>(tp));
      its.parts[static_cast<std::size_t>(tp)] = {};
    });
  }
  if (is_reader(event.cpu)) start_hit(event, operation(event).tp);
  if (is_writer(event.cpu) && operation(event).verb == Verb::key_dec) begin_release(event);
}

// What nobody holds can't be released. From the begin of the last release on, hits may find the key off.
void History::begin_release(const Event& event) {
  TracepointHistory& its = tracepoint(event);
  if (its.holders == 0) {
    part(event).plan.result = -EINVAL;
    return;
  }
  if (--its.holders > 0) return;
  for (CpuHistory& cpu : cpus_)
    for (Hit& hit : cpu.hits)
      if (hit.tracepoint == operation(event).tp) hit.held = false;
}

void History::start_hit(const Event& event, int tracepoint) {
  const TracepointHistory& its = tracepoints_[static_cast<std::size_t>(tracepoint)];
  Hit& started = innermost(event);
  started = {};
  started.tracepoint = tracepoint;
  started.returned = its.returned;
  started.current = its.current;
  started.held = its.holders > 0;
  started.observed = its.keyed;  // the key is read at once
}

void History::pass(std::span<const Event> events) {
  if (events.empty()) return;
  const Event& first = events.front();
  if (is_reader(first.cpu))
    pass_as_reader(events);
  else if (is_writer(first.cpu) && changes_list(operation(first)))
    pass_as_writer(events);
  else if (is_writer(first.cpu) && changes_key(operation(first).verb))
    for (const Event& event : events)
      if (event.point == tp::Point::trapped) tracepoint(event).keyed = {++writes_, std::nullopt};
}

void History::pass_as_reader(std::span<const Event> events) {
  Hit& hit = innermost(events.front());
  observe_reload(events.front());
  const TracepointHistory& tracepoint = tracepoints_[static_cast<std::size_t>(hit.tracepoint)];
  for (const Event& event : events) switch (event.point) {
      case tp::Point::keyed:
        hit.keyed = true;
        hit.observed = {};  // what a hit does with the key on, it does by what it loads and calls
        break;
      case tp::Point::loaded:
        observe_load(event);
        break;
      case tp::Point::dispatched:
        hit.dispatched = true;
        if (hit.direct) break;
        observe(hit, tracepoint.patched);
        if (&event != &events.back()) observe_reload(event);
        break;
      case tp::Point::unlocked:
        hit.left = true;
        hit.left_after = hit.calls.size();
        break;
      default:
        break;
    }
}

void History::pass_as_writer(std::span<const Event> events) {
  const bool batch = spans_tracepoints(operation(events.front()));
  CpuHistory& its = cpu(events.front());
  for (const Event& event : events) {
    if (batch && event.point != tp::Point::begun) note_stubs(event, true);
    if (is_noted(event.point)) pass_as_writer(its, event);
  }
}

void History::pass_as_writer(CpuHistory& its, const Event& event) {
  const auto tp = static_cast<std::size_t>(tracepoint_of(event));
  switch (event.point) {
    case tp::Point::begun:
      return make_plan(event);
    case tp::Point::publish:
      commit(its.parts[tp], tracepoints_[tp]);
      tracepoints_[tp].published = {++writes_, its.parts[tp].plan.transition};
      return;
    case tp::Point::trapped:
      (its.patches_call ? tracepoints_[tp].patched : tracepoints_[tp].keyed) = {++writes_,
                                                                                its.parts[tp].plan.transition};
      return;
    default:
      its.patches_call = tp::patches(tp::step_after(event.point), tp::touched::call);
  }
}

void History::call(const Event& event) {
  observe_reload(event);
  Hit& hit = innermost(event);
  if (!hit.dispatched) {
    hit.direct = true;
    observe(hit, tracepoint(event).patched);
  }
  if (hit.calls.size() < hit.calls.capacity()) hit.calls.push_back({event.func, event.data});
}

// From taking the mutex on, what the operation has to do is decided: to what all have made that took it before.
void History::make_plan(const Event& event) {
  CpuHistory& its = cpu(event);
  if (its.planned) return;
  its.planned = true;
  const Operation& its_operation = operation(event);
  if (!spans_tracepoints(its_operation)) {
    const ProbeList& list = tracepoints_[its_operation.tp].versions.back().list;
    its.parts[its_operation.tp].plan = plan(its_operation, *sequence_, list, rules_);
    return begin_version(its, its_operation.tp);
  }
  Lists lists;
  for (std::size_t tp = 0; tp < lists.size(); ++tp) lists[tp] = &tracepoints_[tp].versions.back().list;
  for (const auto& [tp, plan] : plan_parts(its_operation, *sequence_, lists, rules_)) {
    its.parts[static_cast<std::size_t>(tp)].plan = plan;
    begin_version(its, tp);
  }
}

void History::begin_version(CpuHistory& cpu, int tp) {
  PartHistory& part = cpu.parts[static_cast<std::size_t>(tp)];
  const Plan& plan = part.plan;
  TracepointHistory& tracepoint = tracepoints_[static_cast<std::size_t>(tp)];
  if (is_enabled_by(plan)) ++tracepoint.enables;
  if (plan.change == Plan::Change::none) return;
  part.version = tracepoint.versions.size();
  tracepoint.versions.push_back(version_of(plan, tracepoint.enables));
}

// Of all tracepoints of the operation.
void History::complete(const Event& event) {
  if (!is_writer(event.cpu)) return;
  if (operation(event).verb == Verb::key_inc) ++tracepoint(event).holders;
  if (!changes_list(operation(event))) return;
  make_plan(event);
  for_each_tracepoint(operation(event), [&](int tp) {
    PartHistory& part = cpu(event).parts[static_cast<std::size_t>(tp)];
    TracepointHistory& tracepoint = tracepoints_[static_cast<std::size_t>(tp)];
    commit(part, tracepoint);
    if (part.version) tracepoint.returned = std::max(tracepoint.returned, *part.version);
  });
}

int History::due_result(const Event& completed) const {
  int result = 0;
  for_each_tracepoint(operation(completed), [&](int tp) {
    if (result == 0) result = cpu(completed).parts[static_cast<std::size_t>(tp)].plan.result;
  });
  return result;
}

bool History::all_hooks_ran(const Event& completed) const {
  bool ran = true;
  for_each_tracepoint(operation(completed), [&](int tp) {
    const PartHistory& part = cpu(completed).parts[static_cast<std::size_t>(tp)];
    ran &= part.hooks == part.plan.hooks;
  });
  return ran;
}

// Stubs may be in place, or `certain`ly are: a batch has put all in place before it passes the first step of any
// tracepoint.
void History::note_stubs(const Event& event, bool certain) {
  for_each_tracepoint(operation(event), [&](int tp) {
    PartHistory& part = cpu(event).parts[static_cast<std::size_t>(tp)];
    TracepointHistory& tracepoint = tracepoints_[static_cast<std::size_t>(tp)];
    if (part.plan.change != Plan::Change::stub) return;
    if (certain)
      commit(part, tracepoint);
    else
      tracepoint.stubbing = *part.version;
  });
}

// The planned list becomes current.
void History::commit(PartHistory& part, TracepointHistory& tracepoint) {
  if (!part.version || *part.version <= tracepoint.current) return;
  tracepoint.current = *part.version;
  for (const Registered& registered : part.plan.list) {
    const Probe probe = sequence_->probes[registered.slot].value_or(Probe{});
    pairs_.set(pair(probe.func, probe.data));
  }
}

void History::observe(Hit& hit, const Write& write) const {
  if (write.number > hit.observed.number) hit.observed = write;
}

// At `loaded`. A hit that is delayed before it loads from the first entry has loaded `funcs` by then.
void History::observe_load(const Event& event) {
  Hit& hit = innermost(event);
  if (!std::exchange(hit.loaded, true)) observe(hit, tracepoint(event).published);
}

// The iterator loads `funcs` right after `dispatched`, without a point of its own: what is current at the reader's next
// event is what it loaded, unless it is delayed before that load.
void History::observe_reload(const Event& event) {
  if (!is_reader(event.cpu)) return;
  Hit& hit = innermost(event);
  if (!hit.dispatched || hit.direct || hit.reloaded) return;
  hit.reloaded = true;
  observe(hit, tracepoint(event).published);
}

}  // namespace tpfuzz
