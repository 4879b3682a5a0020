// The steps that wait, and what they wait for.
#include <algorithm>

#include "fuzz/subject/host.h"
#include "repro/diagram/explain/domains.h"
#include "repro/diagram/recorder/recorder.h"

namespace tpfuzz {
namespace {

// A subject that is no core may have domains that the core does not know.
tp::Domain domain_numbered(int number) {
  return number == number_of(tp::Domain::tasks) ? tp::Domain::tasks : tp::Domain::rcu;
}

}  // namespace

// A wait that could end at once is a step only if it is a full grace period: a cookie that nobody waits for explains
// nothing.
void Recorder::pass_wait(const Event& event) {
  CpuState& its = cpu(event);
  const bool for_worker = (tp::row(event.point).touches & tp::touched::worker) != 0;
  const Index awaited = for_worker ? marked_ : unlocked_[static_cast<std::size_t>(its.waits_for)];
  if (its.waited)
    step(event, Step::Kind::wake, "[ goes on ]", awaited);
  else
    step(event, Step::Kind::other, words_of(event), for_worker ? marked_ : Index{}).minor =
        tp::names_cookie(event.point);
  its.waited = false;
}

void Recorder::wait(const Event& event) {
  const tp::Point coming = cpus_[event.cpu].coming;
  if (event.func == kTraps && tp::is_before(coming) && tp::row(coming).kind == tp::PointKind::patch) {
    step(event, Step::Kind::wait, "[ waits for CPUs in the trap handler ]");
    return;
  }
  const tp::Point awaited = awaited_point(event);
  Index after;
  if (tp::names_cookie(awaited))
    after = cookies_.awaited(history_.planned(event).transition, tracepoint_number(event));
  else if (awaited == tp::Point::synchronize)
    after = reader_inside(event.func);
  step(event, Step::Kind::wait, words_of_wait(event, awaited) + "\n[ waits ]", after);
  cpu(event).waited = true;
  cpu(event).waits_for = event.func;
}

// What a CPU waits at: a step of its protocol, or the mutex before the first one.
tp::Point Recorder::awaited_point(const Event& event) const {
  if (!is_worker(event.cpu) && (is_hit(event) || takes_away(operation(event).verb))) return tp::Point::synchronize;
  const tp::Point coming = cpus_[event.cpu].coming;
  return tp::is_before(coming) && tp::waits(tp::step_after(coming)) ? tp::step_after(coming) : tp::Point::begun;
}

// A mutex may be that of keys, too, whose steps take it inside of that of registrations.
std::string Recorder::words_of_wait(const Event& event, tp::Point awaited) const {
  const tp::Point coming = cpus_[event.cpu].coming;
  const bool at_key = tp::is_before(coming) && tp::patches(tp::step_after(coming), tp::touched::key);
  if (awaited == tp::Point::begun && !is_worker(event.cpu) && (at_key || changes_key(operation(event).verb)))
    return "mutex_lock(&jump_label_mutex)";
  return kernel_words(awaited, domain_numbered(event.func));
}

Recorder::Index Recorder::reader_inside(int domain) const {
  Index first;
  const auto look = [&first, domain](const CpuState& cpu) {
    if (cpu.domain == domain && cpu.locked && (!first || *cpu.locked < *first)) first = cpu.locked;
  };
  std::ranges::for_each(cpus_, look);
  for (const auto& outer : outer_)
    if (outer) look(*outer);
  return first;
}

// What Linux calls a section or a step: by the domain of the reader, or by those that the protocol names.
std::string Recorder::words_of(const Event& event) const {
  if (is_hit(event)) return kernel_words(event.point, domain_numbered(event.func));
  const tp::Domains ordinary = tp::Domain::rcu;
  if (is_worker(event.cpu)) return kernel_words(event.point, ordinary);
  const auto named = domains_of(protocol_, history_.planned(event).transition, event.point,
                                readers_of(sequence_, history_.tracepoint_of(event)));
  return kernel_words(event.point, named.value_or(ordinary));
}

}  // namespace tpfuzz
