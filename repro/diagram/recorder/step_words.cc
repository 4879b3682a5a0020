#include "repro/diagram/recorder/step_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "fuzz/sequence/vocabulary.h"
#include "repro/diagram/explain/domains.h"

namespace tpfuzz {
namespace {

bool is_of_several_tracepoints(const Sequence& sequence) {
  return std::ranges::any_of(sequence.operations, [](const Operation& operation) {
    return operation.tp != 0 || operation.nested || spans_tracepoints(operation);
  });
}

}  // namespace

StepWords::StepWords(const Sequence& sequence)
    : sequence_(sequence), names_(sequence), several_tracepoints_(is_of_several_tracepoints(sequence)) {}

std::string StepWords::callback(int func, const Incarnations& incarnations) const {
  const int incarnation = func < kMaxFunctions ? incarnations.functions[static_cast<std::size_t>(func)] : 0;
  return names_.callback(func) + (incarnation == 0 ? "" : fmt::format("#{}", incarnation + 1));
}

std::string StepWords::data(int data, const Incarnations& incarnations) const {
  const int incarnation = data < kMaxData ? incarnations.data[static_cast<std::size_t>(data)] : 0;
  return names_.data(data) + (incarnation == 0 ? "" : fmt::format("#{}", incarnation + 1));
}

// "{callback_b,data_b},\n{callback_a,data_a}", those after the first `indent` to the right; with or without priorities.
std::string StepWords::entries(const ProbeList& list, std::size_t indent, bool priorities,
                               const Incarnations& incarnations) const {
  std::string entries;
  for (const Registered& registered : list) {
    const Probe probe = sequence_.probes[registered.slot].value_or(Probe{});
    entries += (entries.empty() ? "" : ",\n" + std::string(indent, ' ')) +
               fmt::format("{{{},{}}}", callback(probe.func, incarnations), data(probe.data, incarnations));
    if (priorities) entries += fmt::format(" (prio {})", registered.prio);
  }
  return entries.empty() ? "NULL" : entries;
}

std::string StepWords::funcs(std::size_t tracepoint) const {
  return several_tracepoints_ ? fmt::format("tp{}->funcs", tracepoint) : "tp->funcs";
}

std::string StepWords::operation(const Operation& operation) const {
  if (operation.verb == Verb::sync)
    return operation.domain ? kernel_words(tp::Point::synchronize, *operation.domain)
                            : "tracepoint_synchronize_unregister()";
  if (changes_key(operation.verb))
    return fmt::format("static_key_slow_{}(key){}", operation.verb == Verb::key_inc ? "inc" : "dec",
                       on_tracepoint(operation));
  if (operation.verb == Verb::free_probe) {
    const std::string waits = kernel_words(tp::Point::synchronize, operation.after);
    return fmt::format("free {}{}{}", names_.probes(operation.probes), waits.empty() ? "" : " after ", waits);
  }
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

std::string StepWords::on_tracepoint(const Operation& operation) const {
  return several_tracepoints_ ? fmt::format(" on tp{}", operation.tp) : "";
}

}  // namespace tpfuzz
