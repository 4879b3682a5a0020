#include "fuzz/sequence/validate.h"

#include <bit>
#include <string>
#include <utility>

#include "fuzz/base/format.h"
#include "fuzz/sequence/result_names.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

using Problem = std::optional<std::string>;

// No two slots have the same letter, so only names of their own can be wrong.
Problem check_names(const ProbeNames& names) {
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot) {
    if (!names.has_own(slot)) continue;
    const std::string_view name = names.of(slot);
    if (!is_probe_name(name) || is_probe_letter(name)) return formatted("a probe called '{}'", name);
    for (std::size_t other = 0; other < slot; ++other)
      if (names.of(other) == name) return formatted("two probes called {}", name);
  }
  return std::nullopt;
}

Problem check_probes(const Sequence& sequence) {
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot) {
    const auto& probe = sequence.probes[slot];
    if (!probe) continue;
    const std::string_view name = sequence.names.of(slot);
    if (probe->func >= kMaxFunctions) return formatted("probe {}: func={}", name, probe->func);
    if (probe->data >= kMaxData && probe->data != kNullData) return formatted("probe {}: data={}", name, probe->data);
    for (std::size_t other = 0; other < slot; ++other) {
      const auto& earlier = sequence.probes[other];
      if (earlier && earlier->func == probe->func && earlier->data == probe->data)
        return formatted("probes {} and {} have the same func and data", sequence.names.of(other), name);
    }
  }
  return std::nullopt;
}

Problem check_named_probes(const Sequence& sequence, const Operation& operation) {
  const std::uint8_t probes = named_probes(operation);
  const int named = std::popcount(probes);
  if (!names_probes(operation.verb) && named != 0) return formatted("'{}' with a probe", verb_name(operation.verb));
  if (operation.verb == Verb::register_probe && named > 1) return "'register' with several probes";
  if (operation.verb == Verb::free_probe && named != 1) return formatted("'free' with {} probes", named);
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if ((probes & probe_bit(slot)) != 0 && !sequence.probes[slot])
      return formatted("probe {} is not declared", sequence.names.of(slot));
  for (int tp = 0; tp < kMaxTracepoints; ++tp)
    if (operation.further[static_cast<std::size_t>(tp)] != 0 && !may_span(operation, tp))
      return formatted("'{}' with probes of tp={}", verb_name(operation.verb), tp);
  return std::nullopt;
}

Problem check_domain(const Operation& operation) {
  if (operation.verb != Verb::free_probe && !operation.after.empty())
    return formatted("'{}' after readers", verb_name(operation.verb));
  if (!operation.domain) return std::nullopt;
  if (operation.verb != Verb::sync) return formatted("'{}' with a domain", verb_name(operation.verb));
  if (static_cast<std::size_t>(*operation.domain) >= tp::kDomains) return "no domain";
  return std::nullopt;
}

Problem check_properties(const Operation& operation) {
  if (operation.verb == Verb::hit && operation.nested == operation.tp)
    return formatted("{}={}, which is the tracepoint of the hit itself", kNested, operation.tp);
  for (const Property& property : properties()) {
    const std::optional<int> value = property.get(operation);
    if (!value) continue;
    if (!property.applies(operation)) return formatted("'{}' with {}=", verb_name(operation.verb), property.name);
    if (*value < property.low || *value > property.high) return formatted("{}={}", property.name, *value);
  }
  if (!operation.expect) return std::nullopt;
  if (!has_result(operation.verb)) return formatted("'{}' with a result", verb_name(operation.verb));
  if (!result_named(result_name(*operation.expect))) return formatted("result {}", *operation.expect);
  return std::nullopt;
}

Problem check_parks(const Operation& operation) {
  for (const Park& park : operation.parks) {
    if (static_cast<int>(park.point) >= tp::kPoints) return "a park at no point";
    if ((tp::passers(park.point) & passer_of(operation.verb)) == 0)
      return formatted("'{}' never passes {}", verb_name(operation.verb), tp::name(park.point));
    if (park.nth < 1 || park.nth > kMaxNth) return formatted("park@{}#{}", tp::name(park.point), park.nth);
    if (park.events < 1) return formatted("park@{} for 0 events", tp::name(park.point));
  }
  return std::nullopt;
}

Problem check_operation(const Sequence& sequence, const Operation& operation) {
  if (static_cast<int>(operation.verb) >= kVerbs) return "no verb";
  if (operation.cpu.kind != runner_of(operation.verb) || operation.cpu.index >= cpus_of(operation.cpu.kind))
    return formatted("'{}' on the wrong CPU", verb_name(operation.verb));
  if (auto problem = check_named_probes(sequence, operation)) return problem;
  if (auto problem = check_domain(operation)) return problem;
  if (auto problem = check_properties(operation)) return problem;
  return check_parks(operation);
}

Problem check_sequence(const Sequence& sequence) {
  if (auto problem = check_names(sequence.names)) return problem;
  if (auto problem = check_probes(sequence)) return problem;
  if ((sequence.faultable & ~kEveryTracepoint) != 0) return formatted("tracepoints {:#x}", sequence.faultable);
  for (std::size_t i = 0; i < sequence.operations.size(); ++i)
    if (auto problem = check_operation(sequence, sequence.operations[i]))
      return formatted("operation {}: {}", i + 1, *problem);
  return std::nullopt;
}

}  // namespace

std::optional<Error> validate(const Sequence& sequence) {
  Problem problem = check_sequence(sequence);
  if (!problem) return std::nullopt;
  return Error{.message = *std::move(problem)};
}

}  // namespace tpfuzz
