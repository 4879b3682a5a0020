#include "repro/diagram/recorder/recorder.h"

#include <fmt/format.h>

#include <utility>

#include "fuzz/sequence/result_names.h"
#include "fuzz/sequence/vocabulary.h"
#include "repro/diagram/lines.h"

namespace tpfuzz {
namespace {

std::string indented(const std::string& words) {
  std::string lines;
  for (const std::string& line : split(words)) lines += (lines.empty() ? "  " : "\n  ") + line;
  return lines;
}

}  // namespace

Recorder::Recorder(const Sequence& sequence, const Rules& rules, const tp::Protocol* protocol)
    : sequence_(sequence), protocol_(protocol), words_(sequence), cookies_(protocol) {
  history_.start(sequence, rules);
}

void Recorder::add(const Event& event, const Seen& seen) {
  go_on();
  begins_.push_back(steps_.size());
  seen_ = seen;
  const bool had_loaded = history_.hit(event).loaded;
  const bool had_reloaded = history_.hit(event).reloaded;
  const bool had_dispatched = history_.hit(event).dispatched;
  history_.add(event);
  last_event_ = event;
  if (cpu(event).delayed) steps_[*cpu(event).delayed].goes_on = steps_.size();
  cpu(event).delayed.reset();
  if (event.kind == Event::Kind::started) return start(event);
  if (is_hit(event) && !had_loaded && history_.hit(event).loaded) load(event, false);
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
  history_.commit_point(last_event_);
  if (last_event_.kind == Event::Kind::unnested)
    cpu(last_event_) = *std::exchange(outer_[last_event_.cpu], std::nullopt);
}

void Recorder::start(const Event& event) {
  cpu(event) = {};
  cpu(event).operation = operations_.size();
  RecordedOperation started;
  started.lane = event.cpu;
  if (!is_worker(event.cpu)) {
    started.hit = operation(event).verb == Verb::hit;
    if (!takes_away(operation(event).verb) && !spans_tracepoints(operation(event)))
      started.tracepoint = operation(event).tp;
  }
  operations_.push_back(started);
  if (is_worker(event.cpu))
    step(event, Step::Kind::begin, "sync_worker()", queued_);
  else if (!started.hit)
    step(event, Step::Kind::begin, words_.operation(operation(event)));
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

// Whoever is delayed in the middle of a patch stands at its last step.
void Recorder::park(const Event& event) {
  if (event.point == tp::Point::trapped || event.point == tp::Point::tailed)
    if (const Index trap = cpu(event).trap) steps_[*trap].minor = false;
  if (tp::is_access(event.point)) come_to_access(event);
  step(event, Step::Kind::other, "").delay = true;
  cpu(event).delayed = last();
}

void Recorder::complete(const Event& event) {
  RecordedOperation& ended = operations_[cpu(event).operation];
  if (!is_worker(event.cpu) && changes_key(operation(event).verb)) end_key_change(event);
  if (!is_worker(event.cpu) && changes_probes(operation(event).verb)) put_stubs(event);
  if (!is_worker(event.cpu) && has_result(operation(event).verb)) {
    if (event.result != 0) step(event, Step::Kind::other, fmt::format("returns -{}", result_name(event.result)));
  }
  if (ended.hit && !cpu(event).keyed) {
    const Index key = tracepoint(event).key;
    const bool on = key && steps_[*key].key_on == true;  // it was not looked at
    step(event, Step::Kind::other, on ? "[ passes the call site ]" : "static_branch(key): off", key);
  }
  ended.end = steps_.size();
}

void Recorder::violate(const std::string& words) { step(last_event_, Step::Kind::violation, words); }

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
