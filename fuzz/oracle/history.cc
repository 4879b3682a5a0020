#include "fuzz/oracle/history.h"

#include <signal.h>

namespace tpfuzz {
namespace {

bool is_reader(const Event& event) { return event.cpu >= kMaxWriters && event.cpu < kMaxWriters + kMaxReaders; }
bool is_writer(const Event& event) { return event.cpu < kMaxWriters; }

bool changes_list(const Operation& operation) {
  return operation.verb == Verb::register_probe || operation.verb == Verb::unregister_probe;
}

}  // namespace

void History::start(const Sequence& sequence, bool enomem_fails) {
  sequence_ = &sequence;
  enomem_fails_ = enomem_fails;
  for (TracepointHistory& tracepoint : tracepoints_) {
    tracepoint.versions.resize(1);  // the empty list, which nothing changes
    tracepoint.current = tracepoint.returned = 0;
    tracepoint.enables = tracepoint.enabled = 0;
    tracepoint.published = tracepoint.patched = tracepoint.keyed = {};
  }
  started_.reset();
  pairs_.reset();
  writes_ = 0;
}

void History::add(const Event& event) {
  switch (event.kind) {
    case Event::Kind::started:
      start_operation(event);
      break;
    case Event::Kind::passed:
      pass(event);
      break;
    case Event::Kind::called:
      call(event);
      break;
    case Event::Kind::hooked:
      make_plan(event);
      ++(event.func == 1 ? cpu(event).hooks.enable : cpu(event).hooks.disable);
      if (event.func == 1 && event.result == 0) ++tracepoint(event).enabled;
      break;
    case Event::Kind::faulted:
      observe_reload(event);
      // A hit whose memory is gone, or was never there, has met the latest store. A trap is a function's that is gone.
      if (is_reader(event) && event.result != SIGTRAP) observe(cpu(event).hit, tracepoint(event).published);
      break;
    case Event::Kind::completed:
      if (is_writer(event) && changes_list(operation(event))) {
        make_plan(event);
        commit(event);
        if (const auto version = cpu(event).version)
          tracepoint(event).returned = std::max(tracepoint(event).returned, *version);
      }
      break;
    default:
      break;
  }
}

Window History::window(const Event& event) const {
  const TracepointHistory& its = tracepoints_[operation(event).tp];
  const Hit& hit = cpu(event).hit;
  const std::span<const Version> all = its.versions;
  return {all.subspan(hit.returned), all.subspan(hit.current, its.current + 1 - hit.current), hit.keyed};
}

void History::start_operation(const Event& event) {
  CpuHistory& its = cpu(event);
  if (!started_.test(event.cpu)) its = {};
  started_.set(event.cpu);
  its.planned = false;
  its.version.reset();
  its.plan = {};
  its.last_point.reset();
  its.hooks = {};
  if (!is_reader(event)) return;
  its.hit = {};
  its.hit.tracepoint = operation(event).tp;
  its.hit.returned = tracepoint(event).returned;
  its.hit.current = tracepoint(event).current;
  its.hit.observed = tracepoint(event).keyed;  // the key is read at once
}

void History::pass(const Event& event) {
  if (is_reader(event)) pass_as_reader(event);
  if (is_writer(event) && changes_list(operation(event))) pass_as_writer(event);
}

void History::pass_as_reader(const Event& event) {
  Hit& hit = cpu(event).hit;
  observe_reload(event);
  switch (event.point) {
    case tp::Point::keyed:
      hit.keyed = true;
      hit.observed = {};  // what a hit does with the key on, it does by what it loads and calls
      break;
    case tp::Point::loaded:
      observe(hit, tracepoint(event).published);
      break;
    case tp::Point::dispatched:
      hit.dispatched = true;
      if (!hit.direct) observe(hit, tracepoint(event).patched);
      break;
    case tp::Point::unlocked:
      hit.left = true;
      hit.left_after = hit.calls.size();
      break;
    default:
      break;
  }
}

void History::pass_as_writer(const Event& event) {
  using tp::Point;
  CpuHistory& its = cpu(event);
  if (tp::is_before(event.point)) its.step = tp::step_after(event.point);
  switch (event.point) {
    case Point::begun:
      make_plan(event);
      break;
    case Point::publish:
      commit(event);
      tracepoint(event).published = {++writes_, its.plan.transition};
      break;
    case Point::trapped: {
      (tp::patches(its.step, tp::touched::call) ? tracepoint(event).patched : tracepoint(event).keyed) = {
          ++writes_, its.plan.transition};
      break;
    }
    default:
      break;
  }
}

void History::call(const Event& event) {
  observe_reload(event);
  Hit& hit = cpu(event).hit;
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
  auto& versions = tracepoint(event).versions;
  its.plan = plan(operation(event), *sequence_, versions.back().list, enomem_fails_);
  if (is_enabled_by(its.plan)) ++tracepoint(event).enables;
  if (its.plan.change == Plan::Change::none) return;
  its.version = versions.size();
  versions.push_back({its.plan.list, its.plan.change == Plan::Change::stub, tracepoint(event).enables});
}

// The planned list becomes current.
void History::commit(const Event& event) {
  const CpuHistory& its = cpu(event);
  if (!its.version || *its.version <= tracepoint(event).current) return;
  tracepoint(event).current = *its.version;
  for (const Registered& registered : its.plan.list) {
    const Probe probe = sequence_->probes[registered.slot].value_or(Probe{});
    pairs_.set(pair(probe.func, probe.data));
  }
}

void History::observe(Hit& hit, const Write& write) const {
  if (write.number > hit.observed.number) hit.observed = write;
}

// The iterator loads `funcs` right after `dispatched`, without a point of its own: what is current at the reader's next
// event is what it loaded.
void History::observe_reload(const Event& event) {
  if (!is_reader(event)) return;
  Hit& hit = cpu(event).hit;
  if (!hit.dispatched || hit.direct || hit.reloaded) return;
  hit.reloaded = true;
  observe(hit, tracepoint(event).published);
}

}  // namespace tpfuzz
