#include "repro/check/checked.h"

#include <fmt/format.h>

#include <functional>
#include <map>

namespace tpfuzz {
namespace {

std::string count(long number, const char* what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string all;
  for (const std::string& part : parts) all += (all.empty() ? "" : std::string(between)) + part;
  return all;
}

// The random executions that found nothing.
long executions(const Checked& checked) {
  long all = 0;
  for (const CheckedSearch& search : checked.searches) all += search.searched.executions;
  return all;
}

std::string length_words(std::optional<int> operations) {
  return operations ? fmt::format("up to {}", count(*operations, "operation")) : "any length";
}

// What was explored: the main exploration, and then what others had besides, the longest sequences first.
std::vector<std::string> explored_words(const Checked& checked) {
  std::vector<std::string> parts;
  std::map<int, std::vector<std::string>, std::greater<>> others;  // by their operations
  for (const Exploration& exploration : checked.explorations) {
    const auto covered = exploration.covered();
    if (!covered) continue;
    if (exploration.label.empty())
      parts.push_back(words(*covered));
    else
      others[covered->operations.value_or(kMaxOperations)].push_back(exploration.label);
  }
  for (const auto& [operations, labels] : others)
    parts.push_back(fmt::format("every schedule of sequences of {} with {}",
                                length_words(operations == kMaxOperations ? std::nullopt : std::optional(operations)),
                                joined(labels, ", with ")));
  return parts;
}

std::string tried_words(const Checked& checked) {
  std::vector<std::string> parts = explored_words(checked);
  if (const long all = executions(checked); all != 0)
    parts.push_back(fmt::format("{} with up to {} writers and {} readers", count(all, "random execution"), kMaxWriters,
                                kMaxReaders));
  parts.push_back(count(checked.replays.runs, "known sequence"));
  return "no violation in " + joined(parts, "; in ");
}

// What is known of faultable readers where that is no violation.
std::string faultable_words(const Checked& checked) {
  if (checked.faultable) {
    const int operations = changes_of(checked.faultable->sequence);
    return fmt::format("; under faultable readers {} {} it", count(operations, "operation"),
                       operations == 1 ? "breaks" : "break");
  }
  for (const Exploration& exploration : checked.explorations)
    if (exploration.bounds.faultable && exploration.covered()) return {};  // it is in the list
  return "; faultable readers were not explored";
}

constexpr const char* kNotTried = "; not tried: a processor that reorders memory accesses";

std::string broken_words(const Checked& checked) {
  const bool ordinary = checked.ordinary.has_value();
  const Breakage& breakage = ordinary ? *checked.ordinary : *checked.faultable;
  const int operations = changes_of(checked.counterexample ? checked.counterexample->sequence : breakage.sequence);
  std::string sentence = fmt::format(
      "broken: {} {} the invariant {}{}, found by {}", count(operations, "operation"),
      operations == 1 ? "breaks" : "break", name(breakage.violation.invariant),
      ordinary ? "" : " under faultable readers, for which the protocol says that it is correct", breakage.by);
  if (breakage.exhaustive) sentence += "; no sequence with fewer operations does, of those that were explored";
  if (checked.counterexample && !checked.counterexample->alone)
    sentence += "; a fresh process does not show it: it depends on what was executed before";
  return sentence;
}

// Why `exploration` keeps a check from being clean: the main one has to come to the end of kMainOperations, and so has
// that of faultable readers if the protocol says that it is correct for them.
std::string too_little(const Checked& checked, const Exploration& exploration) {
  const bool promised = exploration.bounds.faultable && checked.protocol.faultable == tp::Protocol::Status::correct;
  if (!exploration.label.empty() && !promised) return {};
  const char* readers = promised ? "a faultable reader" : "one reader";
  if (!exploration.ran()) return fmt::format("{} was not explored, because {}", readers, exploration.not_run);
  const auto covered = exploration.covered();
  if (covered && covered->operations.value_or(kMainOperations) >= kMainOperations) return {};
  return fmt::format("the exploration of {} stopped before the end of {} operations, at {} states", readers,
                     kMainOperations, exploration.explored.states);
}

}  // namespace

bool is_broken(const Checked& checked) {
  return checked.ordinary || (checked.faultable && checked.protocol.faultable == tp::Protocol::Status::correct);
}

std::string why_not_clean(const Checked& checked) {
  if (is_broken(checked)) return {};
  if (!checked.unshown.empty())
    return fmt::format("{} broke it, by an execution that no sequence shows", checked.unshown);
  if (!checked.known_mistake.empty()) return fmt::format("{} says that it is broken", checked.known_mistake);
  if (!checked.limit.empty()) return fmt::format("its schedules were not explored, because {}", checked.limit);
  if (checked.interrupted) return "the check was interrupted";
  for (const Exploration& exploration : checked.explorations)
    if (const std::string why = too_little(checked, exploration); !why.empty()) return why;
  return {};
}

std::string verdict_line_of(const Checked& checked) {
  if (is_broken(checked))
    return verdict_line(checked.counterexample ? checked.counterexample->violation
                        : checked.ordinary     ? checked.ordinary->violation
                                               : checked.faultable->violation,
                        checked.name);
  return why_not_clean(checked).empty() ? verdict_line({}, checked.name)
                                        : fmt::format("tpfuzz: stopped protocol={}", checked.name);
}

std::string conclusion(const Checked& checked) {
  if (is_broken(checked)) return broken_words(checked);
  const std::string why = why_not_clean(checked);
  return (why.empty() ? "clean: " : fmt::format("not decided: {}; ", why)) + tried_words(checked) +
         faultable_words(checked) + kNotTried;
}

}  // namespace tpfuzz
