// The steps of a hit.
#include <fmt/format.h>

#include <utility>

#include "repro/diagram/recorder/recorder.h"

namespace tpfuzz {
namespace {

constexpr std::string_view kLoad = "it_func_ptr = rcu_dereference({})\n{}";

}  // namespace

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
      minor(event, words_of(event));
      cpu(event).locked = last();
      cpu(event).domain = event.func;
      break;
    case tp::Point::loaded:
      if (const auto data = std::exchange(cpu(event).still_loads, std::nullopt))
        step(event, Step::Kind::load, "data = " + *data);
      break;
    case tp::Point::dispatched:
      if (!history_.hit(event).direct) dispatch(event, "static_call(iterator)");
      break;
    case tp::Point::unlocked:
      minor(event, words_of(event), cpu(event).locked);
      unlocked_[event.func] = last();
      cpu(event).locked.reset();
      break;
    default:
      break;
  }
}

// The iterator loads again: a step if it finds something else. A hit that is delayed after the load of the array has
// its data still to load.
void Recorder::load(const Event& event, bool again) {
  const TracepointState& its = tracepoint(event);
  cpu(event).held = its.listed;
  if (again && its.publish == cpu(event).loaded) return;
  const bool delayed = event.kind == Event::Kind::parked;
  const std::string found = its.is_empty()     ? "it_func_ptr is NULL"
                            : again || delayed ? "it_func_ptr is " + words_.names().array(*its.array)
                                               : "data = " + its.first_data;
  step(event, Step::Kind::load, fmt::format(fmt::runtime(kLoad), words_.funcs(tracepoint_number(event)), found),
       its.publish);
  cpu(event).loaded = its.publish;
  if (delayed && !again) cpu(event).still_loads = its.first_data;
}

// The data is that of the array that the reader holds; so is the function, if the iterator calls it.
void Recorder::call(const Event& event, bool dispatched) {
  const CpuState& its = cpu(event);
  const Incarnations& code = dispatched ? its.held : tracepoint(event).called;
  const std::string function = words_.callback(event.func, code), given = words_.data(event.data, its.held);
  if (dispatched)
    step(event, Step::Kind::call, function + "(" + given + ")");
  else
    dispatch(event, fmt::format("static_call({}, {})", function, given));
}

void Recorder::dispatch(const Event& event, const std::string& words) {
  const TracepointState& its = tracepoint(event);
  step(event, Step::Kind::call, (its.call_trapped ? "[ int3 ]\n" : "") + words, its.patch);
}

}  // namespace tpfuzz
