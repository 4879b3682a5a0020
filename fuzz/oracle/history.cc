#include "fuzz/oracle/history.h"

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
    tracepoint.key_off = true;
    tracepoint.published = tracepoint.patched = {};
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
      break;
    case Event::Kind::faulted:
      observe_reload(event);
      break;
    case Event::Kind::completed:
      if (is_writer(event) && changes_list(operation(event))) {
        make_plan(event);
        commit(event);
      }
      break;
    default:
      break;
  }
}

std::span<const Version> History::window(const Event& event) const {
  const auto& versions = tracepoints_[operation(event).tp].versions;
  return std::span(versions).subspan(cpu(event).hit.first_version);
}

void History::start_operation(const Event& event) {
  CpuHistory& its = cpu(event);
  if (!started_.test(event.cpu)) its = {};
  started_.set(event.cpu);
  its.planned = its.committed = false;
  its.plan = {};
  its.last_point.reset();
  its.hooks = {};
  if (!is_reader(event)) return;
  its.hit = {};
  its.hit.tracepoint = operation(event).tp;
  its.hit.first_version = tracepoint(event).versions.size() - 1;
  its.hit.key_was_off = tracepoint(event).key_off;
}

void History::pass(const Event& event) {
  if (is_reader(event)) pass_as_reader(event);
  if (is_writer(event) && changes_list(operation(event))) pass_as_writer(event);
}

void History::pass_as_reader(const Event& event) {
  Hit& hit = cpu(event).hit;
  observe_reload(event);
  switch (event.point) {
    case tp::Point::loaded:
      observe(hit, tracepoint(event).published);
      break;
    case tp::Point::dispatched:
      hit.dispatched = true;
      if (!hit.direct) observe(hit, tracepoint(event).patched);
      break;
    case tp::Point::unlocked:
      hit.left = true;
      break;
    default:
      break;
  }
}

void History::pass_as_writer(const Event& event) {
  using tp::Point;
  CpuHistory& its = cpu(event);
  switch (event.point) {
    case Point::begun:
      make_plan(event);
      break;
    case Point::before_update_call:
    case Point::before_call_iterator:
    case Point::before_enable_key:
    case Point::before_disable_key:
      its.step = static_cast<Point>(static_cast<int>(event.point) + 1);
      break;
    case Point::publish:
      commit(event);
      tracepoint(event).published = {++writes_, its.plan.transition};
      break;
    case Point::trapped:
      if (its.step == Point::disable_key) turn_key_off(event);
      if (its.step == Point::update_call || its.step == Point::call_iterator)
        tracepoint(event).patched = {++writes_, its.plan.transition};
      break;
    case Point::disable_key:
      turn_key_off(event);
      break;
    case Point::enable_key:
      tracepoint(event).key_off = false;
      break;
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

// From taking the mutex on, what the operation has to do is decided.
void History::make_plan(const Event& event) {
  CpuHistory& its = cpu(event);
  if (its.planned) return;
  its.planned = true;
  its.plan = plan(operation(event), *sequence_, tracepoint(event).versions.back().list, enomem_fails_);
}

// The planned list becomes current.
void History::commit(const Event& event) {
  CpuHistory& its = cpu(event);
  if (its.committed || its.plan.change == Plan::Change::none) return;
  its.committed = true;
  tracepoint(event).versions.push_back({its.plan.list, its.plan.change == Plan::Change::stub});
  for (const Registered& registered : its.plan.list) {
    const Probe probe = sequence_->probes[registered.slot].value_or(Probe{});
    pairs_.set(pair(probe.func, probe.data));
  }
}

// For every hit of this tracepoint, too, that is under way.
void History::turn_key_off(const Event& event) {
  tracepoint(event).key_off = true;
  for (CpuHistory& its : cpus_) its.hit.key_was_off |= its.hit.tracepoint == operation(event).tp;
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
