#include "repro/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "fuzz/sequence/result_names.h"
#include "fuzz/sequence/vocabulary.h"
#include "repro/lines.h"

namespace tpfuzz {
namespace {

constexpr std::size_t kWorker = kMaxCpus - 1;
constexpr std::string_view kLoad = "it_func_ptr = rcu_dereference({})\n{}";

std::string indented(const std::string& words) {
  std::string lines;
  for (const std::string& line : split(words)) lines += (lines.empty() ? "  " : "\n  ") + line;
  return lines;
}

bool is_worker(const Event& event) { return event.cpu == kWorker; }

bool is_of_several_tracepoints(const Sequence& sequence) {
  return std::ranges::any_of(sequence.operations, [](const Operation& operation) {
    return operation.tp != 0 || operation.nested || spans_tracepoints(operation);
  });
}

}  // namespace

Recorder::Recorder(const Sequence& sequence, bool enomem_fails, const tp::Protocol* protocol)
    : sequence_(sequence),
      names_(sequence),
      cookies_(protocol),
      several_tracepoints_(is_of_several_tracepoints(sequence)) {
  history_.start(sequence, enomem_fails);
}

// Calls `visit(event, name)` for each tracepoint of the event's operation, with the event as one about that, and what
// its lines begin with: nothing if it is the only one.
template <class Visit>
void Recorder::for_each_part(const Event& event, Visit visit) {
  if (is_worker(event) || !spans_tracepoints(operation(event))) return visit(event, "");
  for_each_tracepoint(operation(event), [&](int tp) { visit(about(event, tp), fmt::format("tp{}: ", tp)); });
}

void Recorder::add(const Event& event, const Seen& seen) {
  go_on();
  begins_.push_back(steps_.size());
  seen_ = seen;
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
      park(event);
      break;
    case Event::Kind::called:
      call(event, had_dispatched);
      break;
    case Event::Kind::hooked:
      minor(event, event.func == 1 ? "enable hook" : "disable hook");
      break;
    case Event::Kind::nested:
      start_nested(event);
      break;
    case Event::Kind::unnested:
    case Event::Kind::completed:
      complete(event);
      break;
    default:
      break;
  }
}

// From the last event: what breaks at the end of a nested hit is still that hit's.
void Recorder::go_on() {
  history_.go_on(last_event_);
  if (last_event_.kind == Event::Kind::unnested)
    cpu(last_event_) = *std::exchange(outer_[last_event_.cpu], std::nullopt);
}

void Recorder::start(const Event& event) {
  cpu(event) = {};
  cpu(event).operation = operations_.size();
  RecordedOperation started;
  started.lane = event.cpu;
  if (!is_worker(event)) {
    started.hit = operation(event).verb == Verb::hit;
    if (operation(event).verb != Verb::sync && !spans_tracepoints(operation(event)))
      started.tracepoint = operation(event).tp;
  }
  operations_.push_back(started);
  if (is_worker(event))
    step(event, Step::Kind::begin, "sync_worker()", queued_);
  else if (!started.hit)
    step(event, Step::Kind::begin, head(operation(event)));
}

// The steps after the first are indented.
void Recorder::start_nested(const Event& event) {
  outer_[event.cpu] = std::exchange(cpu(event), {});
  cpu(event).operation = operations_.size();
  RecordedOperation started;
  started.lane = event.cpu;
  started.hit = true;
  started.tracepoint = event.data;
  operations_.push_back(started);
  step(event, Step::Kind::other, fmt::format("hits tp{}:", event.data));
  operations_.back().outer = outer_[event.cpu]->operation;
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
    case tp::Point::waiting:
      wait(event);
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
  if (!is_worker(event) && spans_tracepoints(operation(event)) && event.point != Point::begun) put_stubs(event);
  if (tp::waits(event.point)) pass_wait(event);
  if (tp::is_before(event.point)) cpu(event).coming = event.point;
  switch (event.point) {
    case Point::begun:
      if (cpu(event).waited) step(event, Step::Kind::wake, "[ goes on ]");
      for_each_part(event, [this](const Event& its, std::string_view of) {
        const Plan& plan = history_.planned(its);
        if (plan.change == Plan::Change::publish && !plan.list.empty())
          step(its, Step::Kind::other, fmt::format("{}new_funcs = {}", of, entries(plan.list, of.size() + 12, false)));
      });
      cpu(event).waited = false;
      break;
    case Point::trapped:
      trap(event);
      break;
    case Point::tailed:
      minor(event, "[ new tail after the int3 ]");
      cpu(event).trap = last();
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
    case Point::snapshot:
      minor(event, std::string(tp::row(event.point).kernel));
      cookies_.take(history_.planned(event).transition, tracepoint_number(event), *last());
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
      free(event);
      break;
    default:
      break;
  }
}

// A wait that could end at once is a step only if it is a full grace period: a cookie that nobody waits for explains
// nothing.
void Recorder::pass_wait(const Event& event) {
  CpuState& its = cpu(event);
  const bool for_worker = (tp::row(event.point).touches & tp::touched::worker) != 0;
  const Index awaited = for_worker ? marked_ : unlocked_;
  if (its.waited)
    step(event, Step::Kind::wake, "[ goes on ]", awaited);
  else
    step(event, Step::Kind::other, std::string(tp::row(event.point).kernel), for_worker ? marked_ : Index{}).minor =
        tp::names_cookie(event.point);
  its.waited = false;
}

void Recorder::wait(const Event& event) {
  const tp::Point awaited = awaited_point(event);
  Index after;
  if (tp::names_cookie(awaited))
    after = cookies_.awaited(history_.planned(event).transition, tracepoint_number(event));
  else if (awaited == tp::Point::synchronize)
    after = reader_inside();
  step(event, Step::Kind::wait, std::string(tp::row(awaited).kernel) + "\n[ waits ]", after);
  cpu(event).waited = true;
}

// A call is patched, and a branch too, from its first int3 on.
void Recorder::trap(const Event& event) {
  const bool of_call = tp::patches(tp::step_after(cpu(event).coming), tp::touched::call);
  const bool trapped = !seen_.tracepoint || (of_call ? seen_.call_trapped : seen_.branch_trapped);
  const char* const what = of_call ? "the static_call" : "the static_branch";
  minor(event, trapped ? fmt::format("[ int3 over {} ]", what) : fmt::format("[ writes {}, without int3 ]", what));
  cpu(event).trap = last();
  if (trapped) {
    steps_.back().tracepoint = tracepoint_number(event);
    steps_.back().trapped = of_call ? Patched::call : Patched::key;
  }
  TracepointState& its = tracepoint(event);
  (of_call ? its.call_trapped : its.key_trapped) = trapped;
  (of_call ? its.patch : its.key) = last();
  if (of_call) its.called = incarnations_;
}

// What was stored, which the operation may have planned otherwise.
std::string Recorder::array(const Event& event) const {
  const Observation* const seen = seen_.at(static_cast<int>(tracepoint_number(event)));
  return seen != nullptr ? names_.array(seen->entries) : names_.list(history_.planned(event).list);
}

// "{callback_b,data_b},\n{callback_a,data_a}", those after the first `indent` to the right; with or without priorities.
std::string Recorder::entries(const ProbeList& list, std::size_t indent, bool priorities) const {
  std::string entries;
  for (const Registered& registered : list) {
    const Probe probe = sequence_.probes[registered.slot].value_or(Probe{});
    entries += (entries.empty() ? "" : ",\n" + std::string(indent, ' ')) +
               fmt::format("{{{},{}}}", callback(probe.func, incarnations_), data(probe.data, incarnations_));
    if (priorities) entries += fmt::format(" (prio {})", registered.prio);
  }
  return entries.empty() ? "NULL" : entries;
}

void Recorder::publish(const Event& event) {
  const ProbeList& planned = history_.planned(event).list;
  const std::string stored = array(event);
  RecordedStep& made =
      step(event, Step::Kind::publish, fmt::format("rcu_assign_pointer({}, {})", funcs(event), stored));
  made.tracepoint = tracepoint_number(event);
  made.value = stored == names_.list(planned) ? entries(planned, 8, true) : stored;
  note_array(event, stored);
}

// `stored` is in `funcs` since the last step.
void Recorder::note_array(const Event& event, const std::string& stored) {
  const ProbeList& planned = history_.planned(event).list;
  TracepointState& its = tracepoint(event);
  its.empty = stored == "NULL";
  its.letters = stored;
  its.listed = incarnations_;
  if (seen_.tracepoint && !its.empty && !seen_.tracepoint->entries.front().stub)
    its.first_data = data(seen_.tracepoint->entries.front().data, its.listed);
  else if (!planned.empty())
    its.first_data = names_.first_data(planned);
  its.publish = last();
}

// Those of a batch over several tracepoints are in place before its first step.
void Recorder::put_stubs(const Event& event) {
  if (std::exchange(cpu(event).stubbed, true)) return;
  for_each_part(event, [this](const Event& its, std::string_view) {
    if (history_.planned(its).change == Plan::Change::stub) put_stub(its);
  });
}

// The array that is published stays.
void Recorder::put_stub(const Event& event) {
  RecordedStep& made =
      step(event, Step::Kind::publish,
           fmt::format("stub in place of\n  {}",
                       names_.probes(probes_at(operation(event), static_cast<int>(tracepoint_number(event))))));
  made.tracepoint = tracepoint_number(event);
  made.value = array(event);
  tracepoint(event).letters = made.value;
  tracepoint(event).publish = last();
}

void Recorder::patch_call(const Event& event) {
  RecordedStep& made = step(event, Step::Kind::patch, fmt::format("static_call_update({})", target(event)));
  made.tracepoint = tracepoint_number(event);
  made.value = target(event);
  tracepoint(event).patch = last();
  tracepoint(event).called = incarnations_;
  tracepoint(event).call_trapped = false;
  cpu(event).trap.reset();
}

void Recorder::patch_key(const Event& event, bool on) {
  minor(event, on ? "static_branch_enable(key)" : "static_branch_disable(key)");
  steps_.back().tracepoint = tracepoint_number(event);
  steps_.back().value = on ? "on" : "off";
  tracepoint(event).key = last();
  tracepoint(event).key_trapped = false;
  cpu(event).trap.reset();
}

// Whoever is delayed in the middle of a patch stands at its last step.
void Recorder::park(const Event& event) {
  if (event.point == tp::Point::trapped || event.point == tp::Point::tailed)
    if (const Index trap = cpu(event).trap) steps_[*trap].minor = false;
  if (tp::is_access(event.point)) come_to_access(event);
  step(event, Step::Kind::other, "").delay = true;
  cpu(event).delayed = last();
}

// Where a CPU is delayed at an access, it may be in the middle of a step.
void Recorder::come_to_access(const Event& event) {
  if (!is_worker(event) && !is_hit(event) && seen_.tracepoint) {
    const std::string stored = array(event);
    if (stored != tracepoint(event).letters) {
      step(event, Step::Kind::publish, fmt::format("{} = {}", funcs(event), stored)).tracepoint =
          tracepoint_number(event);
      note_array(event, stored);
    }
  }
  step(event, Step::Kind::other, fmt::format("[ about to {} ]", tp::row(event.point).doc));
}

void Recorder::free(const Event& event) {
  std::string gone;
  const auto add = [&gone](const std::string& name) { gone += (gone.empty() ? " " : ", ") + name; };
  for (std::size_t i = 0; i < kMaxFunctions; ++i)
    if ((seen_.freed_functions >> i & 1) != 0) {
      add(callback(static_cast<int>(i), incarnations_));
      ++incarnations_.functions[i];
    }
  for (std::size_t i = 0; i < kMaxData; ++i)
    if ((seen_.freed_data >> i & 1) != 0) {
      add(data(static_cast<int>(i), incarnations_));
      ++incarnations_.data[i];
    }
  step(event, Step::Kind::other, "free" + (gone.empty() ? " nothing" : gone));
}

std::string Recorder::callback(int func, const Incarnations& incarnations) const {
  const int incarnation = func < kMaxFunctions ? incarnations.functions[static_cast<std::size_t>(func)] : 0;
  return names_.callback(func) + (incarnation == 0 ? "" : fmt::format("#{}", incarnation + 1));
}

std::string Recorder::data(int data, const Incarnations& incarnations) const {
  const int incarnation = data < kMaxData ? incarnations.data[static_cast<std::size_t>(data)] : 0;
  return names_.data(data) + (incarnation == 0 ? "" : fmt::format("#{}", incarnation + 1));
}

// The iterator loads again: a step if it finds something else.
void Recorder::load(const Event& event, bool again) {
  const TracepointState& its = tracepoint(event);
  cpu(event).held = its.listed;
  if (again && its.publish == cpu(event).loaded) return;
  const std::string found = its.empty ? "it_func_ptr is NULL"
                            : again   ? "it_func_ptr is " + its.letters
                                      : "data = " + its.first_data;
  step(event, Step::Kind::load, fmt::format(fmt::runtime(kLoad), funcs(event), found), its.publish);
  cpu(event).loaded = its.publish;
}

// The data is that of the array that the reader holds; so is the function, if the iterator calls it.
void Recorder::call(const Event& event, bool dispatched) {
  const CpuState& its = cpu(event);
  const Incarnations& code = dispatched ? its.held : tracepoint(event).called;
  const std::string function = callback(event.func, code), given = data(event.data, its.held);
  if (dispatched)
    step(event, Step::Kind::call, function + "(" + given + ")");
  else
    dispatch(event, fmt::format("static_call({}, {})", function, given));
}

void Recorder::dispatch(const Event& event, const std::string& words) {
  const TracepointState& its = tracepoint(event);
  step(event, Step::Kind::call, (its.call_trapped ? "[ int3 ]\n" : "") + words, its.patch);
}

void Recorder::complete(const Event& event) {
  RecordedOperation& ended = operations_[cpu(event).operation];
  if (!is_worker(event) && changes_probes(operation(event).verb)) {
    put_stubs(event);
    if (event.result != 0) step(event, Step::Kind::other, fmt::format("returns -{}", result_name(event.result)));
  }
  if (ended.hit && !cpu(event).keyed) {
    const Index key = tracepoint(event).key;
    const bool on = key && steps_[*key].value == "on";  // it was not looked at
    step(event, Step::Kind::other, on ? "[ passes the call site ]" : "static_branch(key): off", key);
  }
  ended.end = steps_.size();
}

void Recorder::violate(const std::string& words) { step(last_event_, Step::Kind::violation, words); }

// What a CPU waits at: a step of its protocol, or the mutex before the first one.
tp::Point Recorder::awaited_point(const Event& event) const {
  if (!is_worker(event) && (is_hit(event) || operation(event).verb == Verb::sync)) return tp::Point::synchronize;
  const tp::Point coming = cpus_[event.cpu].coming;
  return tp::is_before(coming) && tp::waits(tp::step_after(coming)) ? tp::step_after(coming) : tp::Point::begun;
}

std::string Recorder::head(const Operation& operation) const {
  if (operation.verb == Verb::sync) return "tracepoint_synchronize_unregister()";
  if (spans_tracepoints(operation)) {
    std::string batch;
    for_each_tracepoint(operation, [&](int tp) {
      batch += fmt::format("{}{} on tp{}", batch.empty() ? "" : ", ", names_.probes(probes_at(operation, tp)), tp);
    });
    return "unregister " + batch;
  }
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
  return several_tracepoints_ ? fmt::format("tp{}->funcs", tracepoint_number(event)) : "tp->funcs";
}

// What the static call was updated to, which the operation may have planned otherwise.
std::string Recorder::target(const Event& event) const {
  if (seen_.tracepoint) {
    const int call = seen_.tracepoint->call;
    return call == kToIterator ? "iterator" : call < kMaxFunctions ? callback(call, incarnations_) : "?";
  }
  const bool to_iterator = event.point == tp::Point::call_iterator;
  return to_iterator ? "iterator" : names_.target(history_.planned(event).list);
}

Recorder::Index Recorder::reader_inside() const {
  Index first;
  const auto look = [&first](const CpuState& cpu) {
    if (cpu.locked && (!first || *cpu.locked < *first)) first = cpu.locked;
  };
  std::ranges::for_each(cpus_, look);
  for (const auto& outer : outer_)
    if (outer) look(*outer);
  return first;
}

void Recorder::minor(const Event& event, std::string words, Index after) {
  step(event, Step::Kind::other, std::move(words), after).minor = true;
}

RecordedStep& Recorder::step(const Event& event, Step::Kind kind, std::string words, Index after) {
  if (operations_[cpu(event).operation].outer && kind != Step::Kind::violation) words = indented(words);
  RecordedStep& made = steps_.emplace_back();
  made.kind = kind;
  made.lane = event.cpu;
  made.words = std::move(words);
  made.after = after;
  made.operation = cpu(event).operation;
  return made;
}

}  // namespace tpfuzz
