#include "repro/recorder.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <bit>

#include "fuzz/sequence/result_names.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

constexpr std::size_t kWorker = kMaxCpus - 1;
constexpr std::string_view kLoad = "it_func_ptr = rcu_dereference({})\n{}";

bool is_worker(const Event& event) { return event.cpu == kWorker; }

bool is_of_several_tracepoints(const Sequence& sequence) {
  return std::ranges::any_of(sequence.operations, [](const Operation& operation) { return operation.tp != 0; });
}

}  // namespace

Recorder::Recorder(const Sequence& sequence, bool enomem_fails, const tp::Protocol* protocol)
    : sequence_(sequence),
      names_(sequence),
      cookies_(protocol),
      several_tracepoints_(is_of_several_tracepoints(sequence)) {
  history_.start(sequence, enomem_fails);
}

void Recorder::add(const Event& event) {
  const bool had_reloaded = history_.hit(event).reloaded;
  const bool had_dispatched = history_.hit(event).dispatched;
  history_.add(event);
  last_event_ = event;
  if (cpu(event).delayed) steps_[*cpu(event).delayed].goes_on = steps_.size();
  cpu(event).delayed.reset();
  if (event.kind == Event::Kind::started) return start(event);
  if (is_hit(event) && !had_reloaded && history_.hit(event).reloaded) load(event, true);
  switch (event.kind) {
    case Event::Kind::passed:
      pass(event);
      break;
    case Event::Kind::parked:
      step(event, Step::Kind::other, "").delay = true;
      cpu(event).delayed = last();
      break;
    case Event::Kind::called:
      if (had_dispatched)
        step(event, Step::Kind::call, names_.callback(event.func) + "(" + names_.data(event.data) + ")");
      else
        dispatch(event, fmt::format("static_call({}, {})", names_.callback(event.func), names_.data(event.data)));
      break;
    case Event::Kind::hooked:
      minor(event, event.func == 1 ? "enable hook" : "disable hook");
      break;
    case Event::Kind::completed:
      complete(event);
      break;
    default:
      break;
  }
}

void Recorder::start(const Event& event) {
  cpu(event) = {};
  cpu(event).operation = operations_.size();
  RecordedOperation started;
  started.lane = event.cpu;
  if (!is_worker(event)) {
    started.hit = operation(event).verb == Verb::hit;
    if (operation(event).verb != Verb::sync) started.tracepoint = operation(event).tp;
  }
  operations_.push_back(started);
  if (is_worker(event))
    step(event, Step::Kind::begin, "sync_worker()", queued_);
  else if (!started.hit)
    step(event, Step::Kind::begin, head(operation(event)));
}

void Recorder::pass(const Event& event) {
  if (is_hit(event)) return pass_as_reader(event);
  if (event.point == tp::Point::waiting) return wait(event);
  pass_as_writer(event);
}

void Recorder::pass_as_reader(const Event& event) {
  TracepointState& its = tracepoint(event);
  switch (event.point) {
    case tp::Point::keyed:
      cpu(event).keyed = true;
      if (its.key_trapped) step(event, Step::Kind::other, "[ int3 ]\nstatic_branch(key): on", its.key);
      break;
    case tp::Point::locked:
      minor(event, "rcu_read_lock()");
      cpu(event).locked = last();
      break;
    case tp::Point::loaded:
      load(event, false);
      break;
    case tp::Point::dispatched:
      if (!history_.hit(event).direct) dispatch(event, "static_call(iterator)");
      break;
    case tp::Point::unlocked:
      minor(event, "rcu_read_unlock()", cpu(event).locked);
      unlocked_ = last();
      cpu(event).locked.reset();
      break;
    default:
      break;
  }
}

// A writer's points and the worker's.
void Recorder::pass_as_writer(const Event& event) {
  using tp::Point;
  switch (event.point) {
    case Point::begun:
      if (cpu(event).waited) step(event, Step::Kind::wake, "[ goes on ]");
      if (history_.planned(event).change == Plan::Change::publish && !history_.planned(event).list.empty())
        step(event, Step::Kind::other, "new_funcs = " + names_.array(history_.planned(event).list, 12));
      cpu(event).waited = false;
      break;
    case Point::trapped:
      trap(event);
      break;
    case Point::publish:
      publish(event);
      break;
    case Point::update_call:
    case Point::call_iterator:
      patch_call(event);
      break;
    case Point::enable_key:
      patch_key(event, true);
      break;
    case Point::disable_key:
      patch_key(event, false);
      break;
    case Point::synchronize:
      pass_wait(event, Point::synchronize, "synchronize_rcu()");
      break;
    case Point::await:
      pass_wait(event, Point::await, "cond_synchronize_rcu()");
      break;
    case Point::await_worker:
      pass_wait(event, Point::await_worker, "wait for sync_worker");
      break;
    case Point::snapshot:
      minor(event, "get_state_synchronize_rcu()");
      cookies_.take(history_.planned(event).transition, operation(event).tp, *last());
      break;
    case Point::queue_worker:
      step(event, Step::Kind::other, "queue_worker(sync_worker)");
      queued_ = last();
      break;
    case Point::mark:
      step(event, Step::Kind::other, "last_sync_number = sync_number");
      marked_ = last();
      break;
    case Point::freed:
      if (cpu(event).waited) step(event, Step::Kind::wake, "[ goes on ]", unlocked_);
      step(event, Step::Kind::other, "free what was unregistered");
      break;
    default:
      cpu(event).coming = event.point;
      break;
  }
}

// A wait that could end at once is a step only if it is a full grace period: a cookie that nobody waits for explains
// nothing.
void Recorder::pass_wait(const Event& event, tp::Point point, const std::string& words) {
  CpuState& its = cpu(event);
  const Index awaited = point == tp::Point::await_worker ? marked_ : unlocked_;
  if (its.waited)
    step(event, Step::Kind::wake, "[ goes on ]", awaited);
  else
    step(event, Step::Kind::other, words, point == tp::Point::await_worker ? marked_ : Index{}).minor =
        point == tp::Point::await;
  its.waited = false;
}

void Recorder::wait(const Event& event) {
  const std::string words = wait_words(event);
  const Index after = words.starts_with("cond_")
                          ? cookies_.awaited(history_.planned(event).transition, operation(event).tp)
                      : words.starts_with("sync") ? reader_inside()
                                                  : Index{};
  step(event, Step::Kind::wait, words + "\n[ waits ]", after);
  cpu(event).waited = true;
}

// A call is patched, and a branch too, from its first int3 on.
void Recorder::trap(const Event& event) {
  const bool of_call = cpu(event).coming == tp::before(tp::Point::update_call) ||
                       cpu(event).coming == tp::before(tp::Point::call_iterator);
  minor(event, of_call ? "[ int3 over the static_call ]" : "[ int3 over the static_branch ]");
  steps_.back().tracepoint = operation(event).tp;
  steps_.back().trapped = of_call ? Patched::call : Patched::key;
  TracepointState& its = tracepoint(event);
  (of_call ? its.call_trapped : its.key_trapped) = true;
  (of_call ? its.patch : its.key) = last();
}

void Recorder::publish(const Event& event) {
  const ProbeList& list = history_.planned(event).list;
  RecordedStep& made =
      step(event, Step::Kind::publish, fmt::format("rcu_assign_pointer({}, {})", funcs(event), names_.list(list)));
  made.tracepoint = operation(event).tp;
  made.value = names_.array_with_priorities(list, 8);
  tracepoint(event).published = list;
  tracepoint(event).publish = last();
}

// The array that is published stays.
void Recorder::put_stub(const Event& event) {
  RecordedStep& made =
      step(event, Step::Kind::publish, fmt::format("stub in place of\n  {}", names_.probes(operation(event).probes)));
  made.tracepoint = operation(event).tp;
  made.value = names_.array_with_priorities(history_.planned(event).list, 8);
}

void Recorder::patch_call(const Event& event) {
  RecordedStep& made = step(event, Step::Kind::patch, fmt::format("static_call_update({})", target(event)));
  made.tracepoint = operation(event).tp;
  made.value = target(event);
  tracepoint(event).patch = last();
  tracepoint(event).call_trapped = false;
}

void Recorder::patch_key(const Event& event, bool on) {
  minor(event, on ? "static_branch_enable(key)" : "static_branch_disable(key)");
  steps_.back().tracepoint = operation(event).tp;
  steps_.back().value = on ? "on" : "off";
  tracepoint(event).key = last();
  tracepoint(event).key_trapped = false;
}

// The iterator loads again: a step if it finds something else.
void Recorder::load(const Event& event, bool again) {
  const TracepointState& its = tracepoint(event);
  if (again && its.publish == cpu(event).loaded) return;
  const std::string found = its.published.empty() ? "it_func_ptr is NULL"
                            : again               ? "it_func_ptr is " + names_.list(its.published)
                                                  : "data = " + names_.first_data(its.published);
  step(event, Step::Kind::load, fmt::format(fmt::runtime(kLoad), funcs(event), found), its.publish);
  cpu(event).loaded = its.publish;
}

void Recorder::dispatch(const Event& event, const std::string& words) {
  const TracepointState& its = tracepoint(event);
  step(event, Step::Kind::call, (its.call_trapped ? "[ int3 ]\n" : "") + words, its.patch);
}

void Recorder::complete(const Event& event) {
  RecordedOperation& ended = operations_[cpu(event).operation];
  if (!is_worker(event) && changes_probes(operation(event).verb)) {
    if (history_.planned(event).change == Plan::Change::stub) put_stub(event);
    if (event.result != 0) step(event, Step::Kind::other, fmt::format("returns -{}", result_name(event.result)));
  }
  if (ended.hit && !cpu(event).keyed) step(event, Step::Kind::other, "static_branch(key): off", tracepoint(event).key);
  ended.end = steps_.size();
}

void Recorder::violate(Invariant invariant) {
  step(last_event_, Step::Kind::violation, fmt::format("{}: {}", name(invariant), what_broke(invariant)));
}

std::string Recorder::what_broke(Invariant invariant) const {
  const Event& event = last_event_;
  const Hit& hit = history_.hit(event);
  switch (invariant) {
    case Invariant::pairing:
      return fmt::format("{} is called with {}", names_.callback(event.func), names_.data(event.data));
    case Invariant::snapshot:
      return fmt::format("called {}, but the list was never that", names_.called(hit.calls));
    case Invariant::grace:
      if (hit.calls.empty()) return "what sync took away runs";
      return fmt::format("{}({}) runs after sync took it away", names_.callback(hit.calls.back().func),
                         names_.data(hit.calls.back().data));
    case Invariant::fault:
      return fault_words();
    case Invariant::result:
      return fmt::format("{} is returned, not {}", result_name(event.result),
                         result_name(history_.planned(event).result));
    case Invariant::hooks:
      return fmt::format("enable hook ran {} times, not {}; disable hook {} times, not {}",
                         history_.hooks_run(event).enable, history_.planned(event).hooks.enable,
                         history_.hooks_run(event).disable, history_.planned(event).hooks.disable);
    case Invariant::quiescent:
      return "at rest the tracepoint is not what was registered";
    case Invariant::text:
      return "about to run a site that holds no instruction";
    case Invariant::progress:
      break;
  }
  return "waits for nobody";
}

std::string Recorder::fault_words() const {
  if (last_event_.result == SIGILL) return "an illegal instruction is executed";
  const bool found_null = is_hit(last_event_) && tracepoints_[operation(last_event_).tp].published.empty();
  return found_null ? "the iterator dereferences NULL" : "memory that is not there is accessed";
}

std::string Recorder::wait_words(const Event& event) const {
  if (!is_worker(event) && operation(event).verb == Verb::sync) return "synchronize_rcu()";
  switch (cpus_[event.cpu].coming) {
    case tp::Point::before_synchronize:
      return "synchronize_rcu()";
    case tp::Point::before_await:
      return "cond_synchronize_rcu()";
    case tp::Point::before_await_worker:
      return "wait for sync_worker";
    default:
      return "mutex_lock(&tracepoints_mutex)";
  }
}

std::string Recorder::head(const Operation& operation) const {
  if (operation.verb == Verb::sync) return "tracepoint_synchronize_unregister()";
  const std::string probes = names_.probes(operation.probes);
  if (operation.verb == Verb::unregister_probe) return "unregister " + probes + on_tracepoint(operation);
  if (operation.probes == 0) return "register NULL" + on_tracepoint(operation);
  const auto slot = static_cast<std::size_t>(std::countr_zero(operation.probes));
  const int prio = operation.prio.value_or(sequence_.probes[slot].value_or(Probe{}).prio);
  return fmt::format("register {} (prio {}){}", probes, prio, on_tracepoint(operation));
}

std::string Recorder::on_tracepoint(const Operation& operation) const {
  return several_tracepoints_ ? fmt::format(" on tp{}", operation.tp) : "";
}

std::string Recorder::funcs(const Event& event) const {
  return several_tracepoints_ ? fmt::format("tp{}->funcs", operation(event).tp) : "tp->funcs";
}

std::string Recorder::target(const Event& event) const {
  const bool to_iterator = event.point == tp::Point::call_iterator;
  return to_iterator ? "iterator" : names_.target(history_.planned(event).list);
}

Recorder::Index Recorder::reader_inside() const {
  Index first;
  for (const CpuState& cpu : cpus_)
    if (cpu.locked && (!first || *cpu.locked < *first)) first = cpu.locked;
  return first;
}

void Recorder::minor(const Event& event, std::string words, Index after) {
  step(event, Step::Kind::other, std::move(words), after).minor = true;
}

RecordedStep& Recorder::step(const Event& event, Step::Kind kind, std::string words, Index after) {
  RecordedStep& made = steps_.emplace_back();
  made.kind = kind;
  made.lane = event.cpu;
  made.words = std::move(words);
  made.after = after;
  made.operation = cpu(event).operation;
  return made;
}

}  // namespace tpfuzz
