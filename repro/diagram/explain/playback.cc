#include "repro/diagram/explain/playback.h"

#include <algorithm>
#include <memory>

#include "fuzz/sequence/cpu.h"
#include "fuzz/subject/probe_objects.h"

namespace tpfuzz {
namespace {

// The current function and data of each number: another one stands there once a `sync` took one away.
class Incarnations {
 public:
  Incarnations() { look(functions_, data_); }

  // Which have changed since the last call, as bits.
  void find_freed(Seen& seen) {
    std::array<tp::Function, kMaxFunctions> functions;
    std::array<const void*, kMaxData> data;
    look(functions, data);
    for (std::size_t i = 0; i < functions.size(); ++i)
      if (functions[i] != functions_[i]) seen.freed_functions |= static_cast<std::uint8_t>(1U << i);
    for (std::size_t i = 0; i < data.size(); ++i)
      if (data[i] != data_[i]) seen.freed_data |= static_cast<std::uint8_t>(1U << i);
    functions_ = functions;
    data_ = data;
  }

 private:
  static void look(std::array<tp::Function, kMaxFunctions>& functions, std::array<const void*, kMaxData>& data) {
    const ProbeObjects& objects = ProbeObjects::instance();
    for (int i = 0; i < kMaxFunctions; ++i) functions[static_cast<std::size_t>(i)] = objects.functions().current(i);
    for (int i = 0; i < kMaxData; ++i) data[static_cast<std::size_t>(i)] = objects.data().current(i);
  }

  std::array<tp::Function, kMaxFunctions> functions_;
  std::array<const void*, kMaxData> data_;
};

// Notes each event with what was there, and hands it on.
class Watcher final : public Observer {
 public:
  // Without an oracle nothing is judged: the run ends only where it can't go on.
  Watcher(Subject& subject, const ScheduledEngine& engine, const Sequence& sequence, Oracle* oracle, Playback& playback)
      : subject_(subject),
        inspector_(subject.inspector()),
        engine_(engine),
        sequence_(sequence),
        oracle_(oracle),
        playback_(playback) {}

  // What is there can only be looked at when it happens.
  bool looks_on() const override { return true; }

  bool observe(std::span<const Event> events) override {
    return std::ranges::all_of(events, [this](const Event& event) { return note(event); });
  }

  bool at_rest(const Event& completed, const Observation& observation, int blocks) override {
    if (oracle_ == nullptr || oracle_->at_rest(completed, observation, blocks)) return true;
    playback_.at_rest = observation;
    playback_.blocks = blocks;
    playback_.completed = completed;
    return false;
  }

 private:
  bool note(const Event& event) {
    playback_.events.push_back(event);
    playback_.seen.push_back(look(event));
    if (oracle_ != nullptr) return oracle_->observe({&event, 1});
    using Kind = Event::Kind;
    return event.kind != Kind::late && event.kind != Kind::faulted && event.kind != Kind::torn;
  }

  Seen look(const Event& event) {
    Seen seen;
    if (is_worker(event.cpu)) return seen;
    if (event.kind == Event::Kind::warned) seen.warning = subject_.warning(event.data);
    const Operation& operation = sequence_.operations[event.operation];
    if (operation.verb == Verb::hit) {
      seen.inside = engine_.inside(reader_of(event.cpu));
      if (event.kind == Event::Kind::torn) {
        seen.patched = keyed_[event.cpu] ? SiteKind::call : SiteKind::key;
        seen.site = nested_[event.cpu] ? inspector_->text(*operation.nested, 0, seen.patched)
                                       : inspector_->text(operation.tp, operation.site, seen.patched);
      }
      const bool nests = event.kind == Event::Kind::nested;
      if (event.kind == Event::Kind::started || nests) keyed_[event.cpu] = false;
      if (event.kind == Event::Kind::started || event.kind == Event::Kind::unnested || nests)
        nested_[event.cpu] = nests;
      if (event.kind == Event::Kind::passed && event.point == tp::Point::keyed) keyed_[event.cpu] = true;
    } else if (takes_away(operation.verb)) {
      if (event.kind == Event::Kind::passed && event.point == tp::Point::freed) incarnations_.find_freed(seen);
    } else if (inspector_ == nullptr) {
      return seen;
    } else if (event.kind == Event::Kind::disorder) {
      seen.disorder = inspector_->disorder(tracepoint_of(event, operation));
    } else if (event.kind == Event::Kind::passed || event.kind == Event::Kind::completed ||
               (event.kind == Event::Kind::parked && tp::is_access(event.point))) {
      const int tracepoint = tracepoint_of(event, operation);
      if (spans_tracepoints(operation))
        for (int number = 0; number < kMaxTracepoints; ++number) seen.batch.push_back(inspector_->observe(number));
      seen.tracepoint = inspector_->observe(tracepoint);
      seen.branch_trapped = inspector_->text(tracepoint, 0, SiteKind::key).first == SiteText::Part::trap;
      seen.call_trapped = inspector_->text(tracepoint, 0, SiteKind::call).first == SiteText::Part::trap;
    }
    return seen;
  }

  const Subject& subject_;
  const Inspector* const inspector_;  // nullptr: the subject shows nothing
  const ScheduledEngine& engine_;
  const Sequence& sequence_;
  Oracle* oracle_;
  Playback& playback_;
  Incarnations incarnations_;
  std::array<bool, kMaxCpus> keyed_{};   // of the innermost hit
  std::array<bool, kMaxCpus> nested_{};  // it is a nested one
};

void run(Subject& subject, const Sequence& sequence, EngineKind kind, Oracle* oracle, Playback& playback) {
  playback.events.clear();
  playback.seen.clear();
  const auto parts = make_engine(subject, kind);
  Watcher watcher(subject, parts->engine(), sequence, oracle, playback);
  parts->engine().run(sequence, watcher);
}

// `sequence` without the lines that have not started in `events`. They have decided nothing: the schedule is the same.
Sequence started(Sequence sequence, const std::vector<Event>& events) {
  std::ptrdiff_t lines = 0;
  for (const Event& event : events)
    if (!is_worker(event.cpu)) lines = std::max<std::ptrdiff_t>(lines, event.operation + 1);
  const auto unstarted = [](const Operation& operation) { return operation.verb != Verb::run; };
  sequence.operations.erase(std::remove_if(sequence.operations.begin() + lines, sequence.operations.end(), unstarted),
                            sequence.operations.end());
  return sequence;
}

// Nobody else comes in between from some step of an endless loop on: what stands between its first steps after that and
// the last event goes.
void cut_loop(Playback& playback) {
  constexpr std::ptrdiff_t kShown = 32;
  std::vector<Event>& events = playback.events;
  if (events.empty() || events.back().kind != Event::Kind::endless) return;
  const auto alone = std::find_if(events.rbegin(), events.rend(), [](const Event& event) {
    return event.kind == Event::Kind::started || event.kind == Event::Kind::resumed;
  });
  const std::ptrdiff_t first = alone.base() - events.begin() + kShown;
  const std::ptrdiff_t last = std::ssize(events) - 1;
  if (first >= last) return;
  events.erase(events.begin() + first, events.begin() + last);
  playback.seen.erase(playback.seen.begin() + first, playback.seen.begin() + last);
}

}  // namespace

Playback play(Subject& subject, const Sequence& all, EngineKind engine) {
  Possible possible;
  const Sequence& sequence = possible.of(all, subject);
  Playback playback;
  Oracle oracle;
  oracle.start(sequence, subject.rules());
  run(subject, sequence, engine, &oracle, playback);
  playback.verdict = oracle.verdict();
  cut_loop(playback);
  playback.end = playback.events.size();
  if (playback.verdict && playback.verdict->invariant == Invariant::pairing)
    run(subject, started(sequence, playback.events), engine, nullptr, playback);
  return playback;
}

}  // namespace tpfuzz
