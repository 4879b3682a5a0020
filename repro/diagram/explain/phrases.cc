#include "repro/diagram/explain/phrases.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "fuzz/sequence/text.h"
#include "fuzz/sequence/vocabulary.h"
#include "repro/diagram/explain/domains.h"

namespace tpfuzz {
namespace {

// "callback_a#2" as "a#2's function".
std::string possessive(const std::string& object, std::string_view kind) {
  return fmt::format("{}'s {}", object.substr(object.find('_') + 1), kind);
}

}  // namespace

std::string Explanation::caption() const {
  if (!summary.empty()) return summary + '.';
  if (headline.empty()) return {};
  const bool begins_with_name = headline.substr(0, headline.find(' ')).find('_') != std::string::npos;
  return (begins_with_name ? headline : capitalized(headline)) + '.';
}

std::string Phrases::cpu(const Run& run) const {
  if (run.verb == Verb::run) return "k0";
  return std::string(cpu_name(account_.operation(run).cpu));
}

std::string Phrases::subject(const Run& run) const {
  if (run.verb == Verb::run) return "The worker k0";
  return (run.verb == Verb::hit ? "Reader " : "Writer ") + cpu(run);
}

// Which of the operations of its CPU that do the same it is, or is nested in: "second "; empty for the only one.
std::string Phrases::ordinal(std::size_t run) const {
  run = account_.runs[run].outer.value_or(run);
  static constexpr std::array kOrdinals = {"first ", "second ", "third ", "fourth ", "fifth "};
  const Run& its = account_.runs[run];
  const auto deed = [this](const Run& one) {
    Operation operation = account_.operation(one);
    operation.parks.clear();
    operation.expect.reset();
    return operation;
  };
  std::size_t place = 0, count = 0;
  for (std::size_t i = 0; i < account_.runs.size(); ++i) {
    const Run& other = account_.runs[i];
    if (other.outer || other.verb != its.verb || other.cpu != its.cpu || deed(other) != deed(its)) continue;
    if (i == run) place = count;
    ++count;
  }
  if (count < 2) return "";
  return place < kOrdinals.size() ? kOrdinals[place] : fmt::format("{}th ", place + 1);
}

std::string Phrases::operation(std::size_t run) const {
  const Run& its = account_.runs[run];
  if (its.verb == Verb::run) return "the worker's run";
  return fmt::format("{}'s {}`{}`", cpu(its), ordinal(run),
                     operation_text(account_.sequence, static_cast<std::size_t>(its.operation)));
}

std::string Phrases::the_operation(std::size_t run) const {
  const Run& its = account_.runs[run];
  if (its.verb == Verb::run) return "The worker's run";
  return fmt::format("The {}`{}` of {}", ordinal(run),
                     operation_text(account_.sequence, static_cast<std::size_t>(its.operation)), cpu(its));
}

std::string Phrases::in_parentheses(std::size_t run) const {
  const auto transition = account_.transition(run);
  return transition ? fmt::format(" ({})", name(*transition)) : "";
}

std::string Phrases::change(std::size_t run) const { return operation(run) + in_parentheses(run); }

std::string Phrases::the_change(std::size_t run) const { return the_operation(run) + in_parentheses(run); }

std::string Phrases::numbered(std::string name, bool function, int number, std::size_t event) const {
  const int incarnation = account_.incarnation(function, number, event);
  return incarnation == 0 ? name : fmt::format("{}#{}", name, incarnation + 1);
}

std::string Phrases::callback(int func, std::size_t event) const {
  return numbered(names_.callback(func), true, func, event);
}

std::string Phrases::data(int data, std::size_t event) const {
  if (data == kNullData) return names_.data(data);
  if (data >= kMaxData) return "a pointer that is no probe's data";
  return numbered(names_.data(data), false, data, event);
}

std::string Phrases::function_of(int func, std::size_t event) const {
  return possessive(callback(func, event), "function");
}

std::string Phrases::data_of(int number, std::size_t event) const {
  return number < kMaxData ? possessive(data(number, event), "data") : data(number, event);
}

std::string Phrases::target(int target, std::size_t event) const {
  if (target == kToIterator) return "the iterator";
  if (target == kToElsewhere) return "code that is no probe's";
  return callback(target, event);
}

std::string Phrases::probe(const Registered& registered) const {
  return fmt::format("probe {}", account_.sequence.names.of(registered.slot));
}

std::string Phrases::wait(tp::Point step, tp::Domains domains) {
  if (step == tp::Point::await_worker) return "wait for the worker";
  return tp::waits(step) ? kernel_words(step, domains) : "mutex_lock()";
}

void point_at(const Account& account, const Patch& patch, Explanation& explanation) {
  explanation.point_at(patch.done <= account.last() ? patch.done : patch.event);
}

std::vector<Observation::Entry> entries_of(const Sequence& sequence, const ProbeList& list) {
  std::vector<Observation::Entry> entries;
  for (const Registered& its : list) {
    const Probe probe = sequence.probes[its.slot].value_or(Probe{});
    entries.push_back({probe.func, probe.data, its.prio, false});
  }
  return entries;
}

std::string order_reason(const Phrases& phrases, const std::vector<Observation::Entry>& seen,
                         const std::vector<Observation::Entry>& expected) {
  if (seen.size() != expected.size() || !std::ranges::is_permutation(seen, expected)) return "";
  const auto [wrong, right] = std::ranges::mismatch(seen, expected);
  if (wrong == seen.end()) return "";
  const std::string first = phrases.array({*right}), second = phrases.array({*wrong});
  if (right->prio == wrong->prio)
    return fmt::format(", as {} and {} have the same priority and {} was registered first", first, second, first);
  return fmt::format(", as {} has the higher priority of {} and {}", first, first, second);
}

std::string capitalized(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() -= 'a' - 'A';
  return text;
}

}  // namespace tpfuzz
