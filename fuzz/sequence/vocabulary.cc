#include "fuzz/sequence/vocabulary.h"

#include <algorithm>
#include <array>
#include <limits>

#include "fuzz/sequence/cpu.h"

namespace tpfuzz {
namespace {

constexpr std::array<std::string_view, kMaxCpus> kCpuNames = {"w0", "w1", "r0", "r1", "r2", "r3", "k0"};
constexpr std::array<std::string_view, kVerbs> kVerbNames = {"register", "unregister", "sync",    "hit",
                                                             "run",      "free",       "key inc", "key dec"};

std::optional<int> unless_zero(int value) { return value == 0 ? std::nullopt : std::optional(value); }

constexpr std::array<Property, 6> kProperties = {{
    {"prio", std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max(), "",
     [](const Operation& op) { return op.verb == Verb::register_probe && op.probes != 0; },
     [](const Operation& op) { return op.prio; }, [](Operation& op, std::optional<int> value) { op.prio = value; }},
    {kTracepoint, 0, kMaxTracepoints - 1, "", [](const Operation& op) { return has_tracepoint(op.verb); },
     [](const Operation& op) { return unless_zero(op.tp); },
     [](Operation& op, std::optional<int> value) { op.tp = static_cast<std::uint8_t>(value.value_or(0)); }},
    {"site", 0, kMaxSites - 1, "", [](const Operation& op) { return op.verb == Verb::hit; },
     [](const Operation& op) { return unless_zero(op.site); },
     [](Operation& op, std::optional<int> value) { op.site = static_cast<std::uint8_t>(value.value_or(0)); }},
    {kNested, 0, kMaxTracepoints - 1, "",
     [](const Operation& op) { return op.verb == Verb::hit && op.nested != op.tp; },
     [](const Operation& op) { return op.nested ? std::optional<int>(*op.nested) : std::nullopt; },
     [](Operation& op, std::optional<int> value) {
       op.nested.reset();
       if (value) op.nested = static_cast<std::uint8_t>(*value);
     }},
    {"fail", 1, std::numeric_limits<std::uint8_t>::max(), "",
     [](const Operation& op) { return changes_probes(op.verb); },
     [](const Operation& op) { return unless_zero(op.fail); },
     [](Operation& op, std::optional<int> value) { op.fail = static_cast<std::uint8_t>(value.value_or(0)); }},
    {"hook", 1, 1, "fail", [](const Operation& op) { return op.verb == Verb::register_probe; },
     [](const Operation& op) { return unless_zero(op.hook_fails ? 1 : 0); },
     [](Operation& op, std::optional<int> value) { op.hook_fails = value.has_value(); }},
}};

using Points = boost::container::static_vector<tp::Point, tp::kPoints>;

// Only what a protocol that counts passes.
bool is_counting(tp::Point point) { return tp::passers(point) == tp::passer::U; }

// By verb, the points that it passes and for which `is` holds.
std::array<Points, kVerbs> points_by_verb(bool (*is)(Verb, tp::Point)) {
  std::array<Points, kVerbs> lists;
  for (int number = 0; number < kVerbs; ++number)
    for (int i = 0; i < tp::kPoints; ++i) {
      const auto verb = static_cast<Verb>(number);
      const auto point = static_cast<tp::Point>(i);
      if ((tp::passers(point) & passer_of(verb)) != 0 && is(verb, point))
        lists[static_cast<std::size_t>(number)].push_back(point);
    }
  return lists;
}

std::span<const tp::Point> of(const std::array<Points, kVerbs>& lists, Verb verb) {
  const Points& list = lists[static_cast<std::size_t>(verb)];
  return {list.data(), list.size()};
}

// A hit comes to what touches the trap in the trap handler; a writer has no trap.
bool is_in_trap(Verb verb, tp::Point point) {
  return verb == Verb::hit && tp::is_access(point) && (tp::row(point).touches & tp::touched::trap) != 0;
}

}  // namespace

std::string_view cpu_name(Cpu cpu) {
  return cpu.index < cpus_of(cpu.kind) ? kCpuNames[static_cast<std::size_t>(cpu.number())] : "?";
}

std::optional<Cpu> cpu_named(std::string_view name) {
  const auto* found = std::find(kCpuNames.begin(), kCpuNames.end(), name);
  if (found == kCpuNames.end()) return std::nullopt;
  return cpu_numbered(static_cast<int>(found - kCpuNames.begin()));
}

std::string_view verb_name(Verb verb) {
  return static_cast<int>(verb) < kVerbs ? kVerbNames[static_cast<std::size_t>(verb)] : "?";
}

std::optional<Verb> verb_named(std::string_view name) {
  const auto* found = std::find(kVerbNames.begin(), kVerbNames.end(), name);
  if (found == kVerbNames.end()) return std::nullopt;
  return static_cast<Verb>(found - kVerbNames.begin());
}

std::span<const tp::Point> points_of(Verb verb) {
  static const auto lists = points_by_verb([](Verb, tp::Point point) { return !tp::is_access(point); });
  return of(lists, verb);
}

std::span<const tp::Point> drawn_points_of(Verb verb) {
  static const auto lists = points_by_verb(
      [](Verb its, tp::Point point) { return !tp::is_access(point) && (!is_counting(point) || changes_key(its)); });
  return of(lists, verb);
}

std::span<const tp::Point> accesses_of(Verb verb) {
  static const auto lists = points_by_verb([](Verb, tp::Point point) { return tp::is_access(point); });
  return of(lists, verb);
}

std::span<const tp::Point> trap_accesses_of(Verb verb) {
  static const auto lists = points_by_verb(is_in_trap);
  return of(lists, verb);
}

std::span<const tp::Point> other_accesses_of(Verb verb) {
  static const auto lists =
      points_by_verb([](Verb its, tp::Point point) { return tp::is_access(point) && !is_in_trap(its, point); });
  return of(lists, verb);
}

std::span<const Property> properties() { return kProperties; }

}  // namespace tpfuzz
