// An execution that is driven from outside, as a value: saved, put back, and described.
#include <algorithm>
#include <bitset>
#include <cstring>

#include "fuzz/base/check.h"
#include "fuzz/engine/scheduled_engine.h"
#include "fuzz/sequence/cpu.h"
#include "fuzz/subject/probe_objects.h"

namespace tpfuzz {

void ScheduledEngine::save(SavedBytes& out) const {
  TPFUZZ_CHECK(kCanSave && driven_ && subject_.memory() != nullptr);
  Values values{};
  for (std::size_t i = 0; i < cpus_.size(); ++i) values.mid_operation.set(i, cpus_[i].mid_operation);
  values.stops = stops_;
  values.changed = changed_;
  values.holders = holders_;
  const Event* const first = trace_.events().data();
  values.events = static_cast<std::size_t>(point_log.next - first);
  values.unseen = static_cast<std::size_t>(unseen_ - first);
  values.running = running_;
  values.worker_runs = worker_runs_;
  values.worker_steps = cpus_[kWorkerCpu].run.steps;
  out.put(values);
  out.put(std::as_bytes(std::span(first, values.events)));
  for (const Cpu& cpu : cpus_) {
    if (!cpu.mid_operation) continue;
    out.put(cpu.run);
    out.put(cpu.fiber->live().size());
    out.put(cpu.fiber->live());
  }
  heap_.save(out);
  subject_.memory()->save(out);
  ProbeObjects::instance().save(out);
}

void ScheduledEngine::restore(SavedReader& in) {
  const HostScope host(*this);
  const auto values = in.take<Values>();
  trace_.clear();
  Event* const first = trace_.room(values.events + kRoom);
  std::memcpy(first, in.take(values.events * sizeof(Event)).data(), values.events * sizeof(Event));
  point_log.next = first + values.events;
  unseen_ = first + values.unseen;
  trace_.end_at(point_log.next);
  for (std::size_t i = 0; i < cpus_.size(); ++i) {
    Cpu& cpu = cpus_[i];
    cpu.mid_operation = values.mid_operation.test(i);
    if (!cpu.mid_operation) continue;
    in.take_into(cpu.run);
    cpu.fiber->restore(in.take(in.take<std::size_t>()));
  }
  stops_ = values.stops;
  changed_ = values.changed;
  holders_ = values.holders;
  running_ = values.running;
  worker_runs_ = values.worker_runs;
  cpu(kWorkerCpu).run.steps = values.worker_steps;
  ended_ = false;
  heap_.restore(in);
  const bool wrote_text = subject_.memory()->restore(in);
  if (ProbeObjects::instance().restore(in) || wrote_text) carrier_.text_changed();
}

void ScheduledEngine::describe(ExecutionDigest& digest, const CpuStates& cpus) const {
  subject_.memory()->describe(digest);
  std::bitset<kMaxCpus> mid_operation;
  for (std::size_t number = 0; number < cpus_.size(); ++number) mid_operation.set(number, cpus_[number].mid_operation);
  digest.begin(DigestPart::operations);
  digest.word(mid_operation.to_ullong());
  for (std::size_t number = 0; number < cpus_.size(); ++number) {
    const Cpu& its = cpus_[number];
    if (mid_operation.test(number)) digest.cpu(its.run, cpus.wait(static_cast<int>(number)), its.fiber->live());
  }
  digest.begin(DigestPart::mutexes);
  std::array<int, kMutexes> holders{};
  std::ranges::transform(holders_, holders.begin(), [](const auto& holder) { return holder.value_or(kMaxCpus); });
  digest.numbers(holders);
  digest.begin(DigestPart::subject);
  std::array<bool, kMaxTracepoints> changed{};
  std::ranges::transform(changed_, changed.begin(), [](const auto& its) { return its.has_value(); });
  digest.numbers(changed);
  digest.begin(DigestPart::objects);
  ProbeObjects::instance().describe(digest, has_syncs_);
}

}  // namespace tpfuzz
