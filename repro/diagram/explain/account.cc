#include "repro/diagram/explain/account.h"

#include <algorithm>
#include <array>
#include <utility>

#include "fuzz/oracle/history.h"
#include "fuzz/sequence/cpu.h"
#include "fuzz/sequence/vocabulary.h"
#include "fuzz/subject/host.h"
#include "repro/diagram/explain/cookies.h"

namespace tpfuzz {
namespace {

using tp::Point;

// Takes in the events one by one.
class Accountant {
 public:
  Accountant(Account& account, const Rules& rules) : its_(account), cookies_(account.protocol) {
    history_.start(account.sequence, rules);
  }

  void add(std::size_t index) {
    event_ = index;
    const Event& event = its_.playback.events[index];
    if (event.kind == Event::Kind::started) start(event);
    if (event.kind == Event::Kind::nested) start_nested(event);
    if (!is_worker(event.cpu))
      current_[event.cpu] = nested_[event.cpu] ? *nested_[event.cpu] : run_at(event.cpu, history_.tracepoint_of(event));
    const bool had_loaded = !is_worker(event.cpu) && history_.hit(event).loaded;
    const bool had_reloaded = !is_worker(event.cpu) && history_.hit(event).reloaded;
    const ListsBefore before = lists_before(event);
    history_.add(event);
    its_.run_of.push_back(current_[event.cpu]);
    Run& run = its_.runs[current_[event.cpu]];
    if (run.verb == Verb::hit && !had_loaded && history_.hit(event).loaded) run.loaded = index;
    if (run.verb == Verb::hit && !had_reloaded && history_.hit(event).reloaded) run.reloaded = index;
    switch (event.kind) {
      case Event::Kind::passed:
        pass(event, run, before);
        break;
      case Event::Kind::called:
        run.direct |= run.dispatched == kNoEvent && run.calls.empty();
        run.calls.push_back({index, event.func, event.data});
        break;
      case Event::Kind::hooked:
        note_plans(event, before);
        run.hooks = history_.hooks_run(event);
        break;
      case Event::Kind::unnested:
        run.completed = index;
        nested_[event.cpu].reset();
        break;
      case Event::Kind::completed:
        complete(event, before);
        break;
      default:
        break;
    }
    history_.commit_point(event);
  }

 private:
  using ListsBefore = std::array<ProbeList, kMaxTracepoints>;

  // The newest lists of the tracepoints of a register or an unregister.
  ListsBefore lists_before(const Event& event) const {
    ListsBefore lists;
    for_each_run(event, [&](const Run& run, const Event& its) {
      if (changes_probes(run.verb)) lists[static_cast<std::size_t>(run.tracepoint)] = history_.newest(its).list;
    });
    return lists;
  }

  // Calls `visit(run, event)` for the runs of an event's operation, with the event as one about the run's tracepoint.
  template <class Visit>
  void for_each_run(const Event& event, Visit visit) const {
    const std::size_t first = first_[event.cpu];
    for (std::size_t i = first; i < its_.runs.size() && its_.runs[i].started == its_.runs[first].started; ++i)
      visit(its_.runs[i], !is_worker(event.cpu) && spans_tracepoints(its_.operation(its_.runs[i]))
                              ? about(event, its_.runs[i].tracepoint)
                              : event);
  }

  void start_nested(const Event& event) {
    const std::size_t outer = current_[event.cpu];
    nested_[event.cpu] = its_.runs.size();
    add_run(event, Verb::hit, event.data);
    its_.runs.back().outer = outer;
  }

  void start(const Event& event) {
    current_[event.cpu] = first_[event.cpu] = its_.runs.size();
    if (is_worker(event.cpu)) {
      add_run(event, Verb::run, 0);
    } else {
      const Operation& operation = its_.sequence.operations[event.operation];
      for_each_tracepoint(operation, [&](int tp) { add_run(event, operation.verb, tp); });
    }
    waits_[event.cpu].reset();
    coming_[event.cpu] = Point::begun;
    come_[event.cpu] = event_;
  }

  void add_run(const Event& event, Verb verb, int tracepoint) {
    Run& run = its_.runs.emplace_back();
    run.cpu = event.cpu;
    run.operation = event.operation;
    run.verb = verb;
    run.tracepoint = tracepoint;
    run.started = event_;
  }

  // Which run of the CPU's operation is about `tracepoint`.
  std::size_t run_at(int cpu, int tracepoint) const {
    std::size_t run = first_[static_cast<std::size_t>(cpu)];
    while (its_.runs[run].tracepoint != tracepoint) ++run;
    return run;
  }

  void note_plans(const Event& event, const ListsBefore& before) {
    for_each_run(event, [&](Run& run, const Event& its) {
      if (!changes_probes(run.verb)) return;
      if (run.begun == kNoEvent) {
        run.begun = event_;
        run.before = before[static_cast<std::size_t>(run.tracepoint)];
      }
      run.plan = history_.planned(its);
    });
  }

  void pass(const Event& event, Run& run, const ListsBefore& before) {
    if (run.verb == Verb::hit && event.point != Point::waiting) return pass_as_reader(event.point, run);
    if (event.point != Point::waiting && event.point != Point::begun) note_stubs(event);
    if (tp::waits(event.point)) end_wait(event, event.point);
    if (tp::patches(event.point, kPatchable)) end_patch(event);
    switch (event.point) {
      case Point::waiting:
        open_wait(event, run);
        break;
      case Point::begun:
        note_plans(event, before);
        end_wait(event, Point::begun);
        break;
      case Point::trapped:
        add_patch(event, coming_[event.cpu]);
        break;
      case Point::publish:
        add_store(current_[event.cpu], false, seen());
        break;
      case Point::freed:
        end_wait(event, Point::synchronize);
        add_freed();
        break;
      case Point::snapshot:
        its_.snapshots.push_back(event_);
        cookies_.take(run.plan.transition, static_cast<std::size_t>(run.tracepoint), event_);
        break;
      case Point::queue_worker:
        its_.requests.push_back(event_);
        break;
      case Point::counted:
        its_.counted.push_back(event_);
        break;
      case Point::mark:
        its_.marks.push_back(event_);
        break;
      default:
        coming_[event.cpu] = event.point;
        come_[event.cpu] = event_;
        break;
    }
  }

  void pass_as_reader(Point point, Run& run) const {
    switch (point) {
      case Point::keyed:
        run.keyed = event_;
        break;
      case Point::locked:
        run.locked = event_;
        break;
      case Point::dispatched:
        run.dispatched = event_;
        break;
      case Point::unlocked:
        run.unlocked = event_;
        break;
      default:
        break;
    }
  }

  const Observation* seen() const {
    const auto& seen = its_.playback.seen[event_].tracepoint;
    return seen ? &*seen : nullptr;
  }

  void add_store(std::size_t run, bool stub, const Observation* seen) {
    Store& store = its_.stores.emplace_back();
    store.event = event_;
    store.run = run;
    store.stub = stub;
    if (seen != nullptr) store.array.assign(seen->entries.begin(), seen->entries.end());
  }

  static constexpr unsigned kPatchable = tp::touched::key | tp::touched::call;

  static bool is_key(Point coming) {
    return tp::is_before(coming) && tp::patches(tp::step_after(coming), tp::touched::key);
  }

  // Where it goes is known when the step is done; until then it is what the plan says.
  void add_patch(const Event& event, Point coming) {
    Patch& patch = its_.patches.emplace_back();
    patch.event = event_;
    patch.run = current_[event.cpu];
    const Verb verb = its_.runs[patch.run].verb;
    patch.of_key = changes_key(verb) || is_key(coming);
    const ProbeList& list = its_.runs[patch.run].plan.list;
    if (patch.of_key)
      patch.target = verb == Verb::key_inc || coming == tp::before(Point::enable_key) ? 1 : 0;
    else if (coming == tp::before(Point::update_call) && list.size() == 1)
      patch.target = its_.sequence.probes[list.front().slot].value_or(Probe{}).func;
    else
      patch.target = kToIterator;
    open_[event.cpu] = its_.patches.size() - 1;
  }

  // A step that changed nothing has no int3, and is no patch.
  void end_patch(const Event& event) {
    if (!open_[event.cpu]) return;
    Patch& patch = its_.patches[*open_[event.cpu]];
    patch.done = event_;
    if (seen() != nullptr) patch.target = patch.of_key ? (seen()->key_on ? 1 : 0) : seen()->call;
    open_[event.cpu].reset();
  }

  // What the CPU waits for, by the step that it has come to. A hit has no such steps: its probe waits for readers.
  Point awaited_step(const Event& event, const Run& run) const {
    if (run.verb == Verb::hit || takes_away(run.verb)) return Point::synchronize;
    const Point coming = coming_[event.cpu];
    return tp::is_before(coming) && tp::waits(tp::step_after(coming)) ? tp::step_after(coming) : Point::begun;
  }

  // One step may wait more than once, for the readers of each of its domains.
  void open_wait(const Event& event, const Run& run) {
    // At the end of a patch it waits for CPUs in the trap handler.
    if (event.func == kTraps && coming_[event.cpu] == Point::tailed) return;
    if (waits_[event.cpu]) return;
    waits_[event.cpu] = its_.waits.size();
    add_wait(event, awaited_step(event, run)).at_once = false;
  }

  void end_wait(const Event& event, Point step) {
    Waited& wait = waits_[event.cpu] ? its_.waits[*waits_[event.cpu]] : add_wait(event, step);
    wait.over = event_;
    waits_[event.cpu].reset();
  }

  Waited& add_wait(const Event& event, Point step) {
    Waited& wait = its_.waits.emplace_back();
    wait.come = come_[event.cpu];
    wait.run = current_[event.cpu];
    wait.step = step;
    if (step == Point::await) wait.snapshot = awaited(event);
    return wait;
  }

  // An await uses its cookie up.
  std::optional<std::size_t> awaited(const Event& event) {
    const Run& run = its_.runs[current_[event.cpu]];
    const auto snapshot = cookies_.awaited(run.plan.transition, static_cast<std::size_t>(run.tracepoint));
    if (!snapshot || std::ranges::find(used_, *snapshot) != used_.end()) return std::nullopt;
    used_.push_back(*snapshot);
    return snapshot;
  }

  void add_freed() {
    const Seen& seen = its_.playback.seen[event_];
    its_.freed.push_back({event_, current_[its_.playback.events[event_].cpu], seen.freed_functions, seen.freed_data});
  }

  // Stubs are in place before the first step of a batch; of a single removal nothing comes after them.
  void note_stubs(const Event& event) {
    for_each_run(event, [&](Run& run, const Event&) {
      if (run.plan.change != Plan::Change::stub || std::exchange(run.stubbed, true)) return;
      add_store(static_cast<std::size_t>(&run - its_.runs.data()), true, its_.playback.seen[event_].at(run.tracepoint));
    });
  }

  void complete(const Event& event, const ListsBefore& before) {
    note_plans(event, before);
    note_stubs(event);
    if (!is_worker(event.cpu) && changes_key(its_.runs[current_[event.cpu]].verb)) end_patch(event);
    for_each_run(event, [&](Run& run, const Event&) {
      run.completed = event_;
      run.result = event.result;
    });
  }

  Account& its_;
  History history_;
  Cookies cookies_;
  std::size_t event_ = 0;
  std::array<std::size_t, kMaxCpus> current_{};
  std::array<std::size_t, kMaxCpus> first_{};                  // of its operation's
  std::array<std::optional<std::size_t>, kMaxCpus> nested_{};  // the nested hit that it is in
  std::array<Point, kMaxCpus> coming_{};                       // the step that it has come to
  std::array<std::size_t, kMaxCpus> come_{};                   // when
  std::array<std::optional<std::size_t>, kMaxCpus> waits_{};   // the wait that it is in
  std::array<std::optional<std::size_t>, kMaxCpus> open_{};    // the patch that it is making
  std::vector<std::size_t> used_;                              // snapshots that were awaited
};

template <class Of, class Its>
const Of* last_before(const std::vector<Of>& all, std::size_t event, Its its) {
  for (auto one = all.rbegin(); one != all.rend(); ++one)
    if (one->event < event && its(*one)) return &*one;
  return nullptr;
}

}  // namespace

Account::Account(const Sequence& its_sequence, const Playback& its_playback, const Rules& rules,
                 const tp::Protocol* its_protocol)
    : sequence(its_sequence), playback(its_playback), protocol(its_protocol) {
  Accountant accountant(*this, rules);
  for (std::size_t i = 0; i < playback.end; ++i) accountant.add(i);
  if (!run_of.empty()) failed_run = blamed(run_of.back());
  if (playback.at_rest)
    for (std::size_t i = 0; i < runs.size(); ++i)
      if (runs[i].cpu == playback.completed.cpu && runs[i].operation == playback.completed.operation &&
          runs[i].verb != Verb::run && runs[i].tracepoint == tracepoint_of(playback.completed, operation(runs[i])))
        failed_run = i;
}

// Of a batch over several tracepoints the return is told of the first: what is wrong may be another's.
std::size_t Account::blamed(std::size_t run) const {
  if (!playback.verdict || runs[run].completed != last()) return run;
  const bool of_result = playback.verdict->invariant == Invariant::result;
  for (std::size_t i = run; i < runs.size() && runs[i].started == runs[run].started; ++i)
    if (of_result ? runs[i].plan.result != 0 : runs[i].hooks != runs[i].plan.hooks) return i;
  return run;
}

const Store* Account::store_before(int tracepoint_number, std::size_t event) const {
  return last_before(stores, event,
                     [&](const Store& store) { return tracepoint(runs[store.run]) == tracepoint_number; });
}

const Patch* Account::patch_before(int tracepoint_number, bool of_key, std::size_t event) const {
  return last_before(patches, event, [&](const Patch& patch) {
    return patch.of_key == of_key && tracepoint(runs[patch.run]) == tracepoint_number;
  });
}

const Store* Account::store_after(int tracepoint_number, std::size_t event) const {
  for (const Store& store : stores)
    if (store.event > event && !store.stub && tracepoint(runs[store.run]) == tracepoint_number) return &store;
  return nullptr;
}

std::optional<std::size_t> Account::unpatched(int tracepoint, std::size_t event) const {
  std::optional<std::size_t> latest;
  for (const std::size_t change : counted) {
    const std::size_t run = run_of[change];
    const auto is_its_own = [&](const Patch& patch) {
      return patch.of_key && patch.run == run && patch.event > change && patch.event < event;
    };
    if (change < event && runs[run].tracepoint == tracepoint && std::ranges::none_of(patches, is_its_own))
      latest = change;
  }
  return latest;
}

std::vector<Observation::Entry> Account::array_at(int tracepoint_number, std::size_t event) const {
  const Store* const store = store_before(tracepoint_number, event);
  return store != nullptr ? store->array : std::vector<Observation::Entry>{};
}

int Account::incarnation(bool function, int number, std::size_t event) const {
  return static_cast<int>(std::ranges::count_if(freed, [&](const Freed& its) {
    return its.event < event && ((function ? its.functions : its.data) >> number & 1) != 0;
  }));
}

}  // namespace tpfuzz
