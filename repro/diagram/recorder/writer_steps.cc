// The steps of a registration, of a `sync`, and of the worker.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fuzz/sequence/vocabulary.h"
#include "repro/diagram/recorder/recorder.h"

namespace tpfuzz {
namespace {

// Whether two arrays list the same probes, whatever their priorities.
bool same_probes(const Array& one, const Array& other) {
  const auto same = [](const Observation::Entry& a, const Observation::Entry& b) {
    return a.stub == b.stub && (a.stub || (a.func == b.func && a.data == b.data));
  };
  return std::ranges::equal(one, other, same);
}

}  // namespace

// Calls `visit(event, name)` for each tracepoint of the event's operation, with the event as one about that, and what
// its lines begin with: nothing if it is the only one.
template <class Visit>
void Recorder::for_each_part(const Event& event, Visit visit) {
  if (is_worker(event.cpu) || !spans_tracepoints(operation(event))) return visit(event, "");
  for_each_tracepoint(operation(event), [&](int tp) { visit(about(event, tp), fmt::format("tp{}: ", tp)); });
}

// A writer's points and the worker's.
void Recorder::pass_as_writer(const Event& event) {
  using tp::Point;
  if (!is_worker(event.cpu) && spans_tracepoints(operation(event)) && event.point != Point::begun) put_stubs(event);
  if (tp::waits(event.point)) pass_wait(event);
  if (tp::is_before(event.point)) cpu(event).coming = event.point;
  switch (event.point) {
    case Point::begun:
      if (cpu(event).waited) step(event, Step::Kind::wake, "[ goes on ]");
      for_each_part(event, [this](const Event& its, std::string_view of) {
        const Plan& plan = history_.planned(its);
        if (plan.change == Plan::Change::publish && !plan.list.empty())
          step(its, Step::Kind::other,
               fmt::format("{}new_funcs = {}", of, words_.entries(plan.list, of.size() + 12, false, incarnations_)));
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
    case Point::counted:
      count_key(event);
      break;
    case Point::snapshot:
      minor(event, words_of(event));
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
      if (cpu(event).waited)
        step(event, Step::Kind::wake, "[ goes on ]", unlocked_[static_cast<std::size_t>(cpu(event).waits_for)]);
      free(event);
      break;
    default:
      break;
  }
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
    steps_.back().trapped = of_call ? SiteKind::call : SiteKind::key;
  }
  TracepointState& its = tracepoint(event);
  (of_call ? its.call_trapped : its.key_trapped) = trapped;
  (of_call ? its.patch : its.key) = last();
  if (of_call) its.called = incarnations_;
}

void Recorder::publish(const Event& event) {
  const ProbeList& planned = history_.planned(event).list;
  const Array stored = array(event);
  const std::string words = words_.names().array(stored);
  RecordedStep& made = step(event, Step::Kind::publish,
                            fmt::format("rcu_assign_pointer({}, {})", words_.funcs(tracepoint_number(event)), words));
  made.tracepoint = tracepoint_number(event);
  const bool as_planned = same_probes(stored, entries_of(sequence_, planned));
  made.value = as_planned ? words_.entries(planned, 8, true, incarnations_) : words;
  note_array(event, stored);
}

// What was stored, which the operation may have planned otherwise.
Array Recorder::array(const Event& event) const {
  const Observation* const seen = seen_.at(static_cast<int>(tracepoint_number(event)));
  if (seen != nullptr) return {seen->entries.begin(), seen->entries.end()};
  return entries_of(sequence_, history_.planned(event).list);
}

// `stored` is in `funcs` since the last step.
void Recorder::note_array(const Event& event, const Array& stored) {
  const ProbeList& planned = history_.planned(event).list;
  TracepointState& its = tracepoint(event);
  its.array = stored;
  its.listed = incarnations_;
  if (!stored.empty() && !stored.front().stub)
    its.first_data = words_.data(stored.front().data, its.listed);
  else if (!planned.empty())
    its.first_data = words_.names().first_data(planned);
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
                       words_.names().probes(probes_at(operation(event), static_cast<int>(tracepoint_number(event))))));
  made.tracepoint = tracepoint_number(event);
  const Array stored = array(event);
  made.value = words_.names().array(stored);
  tracepoint(event).array = stored;
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

// The branch is still to be patched.
void Recorder::count_key(const Event& event) {
  go_on_after_mutex(event);
  step(event, Step::Kind::other, "[ changes the count of\n  the key ]");
}

void Recorder::go_on_after_mutex(const Event& event) {
  if (std::exchange(cpu(event).waited, false)) step(event, Step::Kind::wake, "[ goes on ]");
}

// A `key inc` or `key dec` has returned.
void Recorder::end_key_change(const Event& event) {
  go_on_after_mutex(event);
  if (event.result == 0) patch_key(event, operation(event).verb == Verb::key_inc);
}

void Recorder::patch_key(const Event& event, bool on) {
  const bool counts = protocol_ != nullptr && protocol_->key != tp::KeyRule::flag;
  if (counts && !cpu(event).trap) {
    step(event, Step::Kind::other, "[ changes the count of\n  the key alone ]");
    return;
  }
  minor(event, on ? "static_branch_enable(key)" : "static_branch_disable(key)");
  steps_.back().tracepoint = tracepoint_number(event);
  steps_.back().key_on = on;
  tracepoint(event).key = last();
  tracepoint(event).key_trapped = false;
  cpu(event).trap.reset();
}

// Where a CPU is delayed at an access, it may be in the middle of a step.
void Recorder::come_to_access(const Event& event) {
  if (!is_worker(event.cpu) && !is_hit(event) && !changes_key(operation(event).verb) && seen_.tracepoint) {
    const Array stored = array(event);
    const auto& before = tracepoint(event).array;
    if (!before || !same_probes(stored, *before)) {
      step(event, Step::Kind::publish,
           fmt::format("{} = {}", words_.funcs(tracepoint_number(event)), words_.names().array(stored)))
          .tracepoint = tracepoint_number(event);
      note_array(event, stored);
    }
  }
  const bool in_trap = is_hit(event) && (tp::row(event.point).touches & tp::touched::trap) != 0;
  step(event, Step::Kind::other,
       fmt::format("{}[ about to {} ]", in_trap ? "[ int3 ]\n" : "", tp::row(event.point).doc));
}

void Recorder::free(const Event& event) {
  std::string gone;
  const auto add = [&gone](const std::string& name) { gone += (gone.empty() ? " " : ", ") + name; };
  for (std::size_t i = 0; i < kMaxFunctions; ++i)
    if ((seen_.freed_functions >> i & 1) != 0) {
      add(words_.callback(static_cast<int>(i), incarnations_));
      ++incarnations_.functions[i];
    }
  for (std::size_t i = 0; i < kMaxData; ++i)
    if ((seen_.freed_data >> i & 1) != 0) {
      add(words_.data(static_cast<int>(i), incarnations_));
      ++incarnations_.data[i];
    }
  step(event, Step::Kind::other, "free" + (gone.empty() ? " nothing" : gone));
}

// What the static call was updated to, which the operation may have planned otherwise.
std::string Recorder::target(const Event& event) const {
  if (seen_.tracepoint) {
    const int call = seen_.tracepoint->call;
    return call == kToIterator ? "iterator" : call < kMaxFunctions ? words_.callback(call, incarnations_) : "?";
  }
  const bool to_iterator = event.point == tp::Point::call_iterator;
  return to_iterator ? "iterator" : words_.names().target(history_.planned(event).list);
}

}  // namespace tpfuzz
