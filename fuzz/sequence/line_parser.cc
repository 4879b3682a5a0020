#include "fuzz/sequence/line_parser.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "fuzz/base/closest.h"
#include "fuzz/base/format.h"
#include "fuzz/sequence/result_names.h"
#include "fuzz/sequence/vocabulary.h"
#include "fuzz/sequence/words.h"

namespace tpfuzz {
namespace {

constexpr std::string_view kPark = "park@";
constexpr std::string_view kResult = "->";

struct ProbeField {
  std::string_view name;
  int low;
  int high;
  bool required;
  std::optional<int> null{};  // what the word `null` means, if it may stand there

  std::string range() const {
    return formatted("{}={} to {}{}", name, low, high, null ? formatted(" or {}={}", name, kNull) : "");
  }
  std::optional<int> value(std::string_view text) const {
    return null && text == kNull ? null : number(text, low, high);
  }
};
constexpr std::array<ProbeField, 3> kProbeFields = {{
    {"func", 0, kMaxFunctions - 1, true},
    {"data", 0, kMaxData - 1, true, kNullData},
    {"prio", std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max(), false},
}};

// Of a probe whose declaration is being read, or is wrong: no other probe has the same function and data.
constexpr Probe kUndecided = {kMaxFunctions, kForeignData, kDefaultPriority};

// `word` without a leading `NAME=`; nothing if it does not begin so.
std::optional<std::string_view> value_of(std::string_view word, std::string_view name) {
  if (!word.starts_with(name) || !word.substr(name.size()).starts_with('=')) return std::nullopt;
  return word.substr(name.size() + 1);
}

std::string did_you_mean_point(std::string_view word) {
  std::vector<std::string_view> names;
  for (const tp::PointRow& row : tp::kPointRows) names.push_back(row.name);
  return did_you_mean(word, names);
}

// The verbs of a CPU, as a message lists them.
std::string_view verbs_of(Cpu::Kind kind) {
  switch (kind) {
    case Cpu::Kind::writer:
      return "register, unregister, sync, free or key";
    case Cpu::Kind::reader:
      return "hit";
    case Cpu::Kind::worker:
      break;
  }
  return "run";
}

}  // namespace

std::string LineParser::parse(std::string_view line) {
  Words words(line);
  const std::string_view first = words.next();
  if (first.empty()) return {};
  const bool fine = first == "probe"           ? parse_probe(words)
                    : first == kTracepointLine ? parse_tracepoint(words)
                                               : parse_operation(first, words);
  return fine ? std::string() : mistake_;
}

bool LineParser::parse_tracepoint(Words& words) {
  const std::string_view text = words.next();
  const auto tp = number(text, 0, kMaxTracepoints - 1);
  if (!tp) return expected(formatted("a tracepoint, 0 to {}", kMaxTracepoints - 1), text);
  const std::string_view readers = words.next();
  if (readers != kFaultable) return expected(formatted("'{}'", kFaultable), readers);
  if (is_faultable(sequence_, *tp)) return refuse(formatted("{} {} is declared twice", kTracepointLine, *tp));
  sequence_.faultable |= tracepoint_bit(*tp);
  const std::string_view more = words.next();
  return more.empty() || expected("the end of the line", more);
}

bool LineParser::parse_probe(Words& words) {
  const std::string_view name = words.next();
  if (!parse_name(name)) return false;
  if (declared(name)) return expected("a name that no probe has yet", name);
  const Slot slot = slot_for(name);
  if (!slot) return expected(formatted("at most {} probes", kMaxProbes), name);
  sequence_.probes[*slot] = kUndecided;
  sequence_.names.set(*slot, name);
  std::array<std::optional<int>, kProbeFields.size()> values;
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
    bool known = false;
    for (std::size_t i = 0; i < values.size() && !known; ++i) {
      const ProbeField& field = kProbeFields[i];
      const auto text = value_of(word, field.name);
      if (!text) continue;
      known = true;
      if (values[i]) return refuse(formatted("{}= is given twice", field.name));
      values[i] = field.value(*text);
      if (!values[i]) return expected(field.range(), word);
    }
    if (!known) return expected("func=, data= or prio=", word);
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    if (kProbeFields[i].required && !values[i]) return expected(kProbeFields[i].range(), "");
  const Probe probe = {static_cast<std::uint8_t>(values[0].value_or(0)),
                       static_cast<std::uint8_t>(values[1].value_or(0)), values[2].value_or(kDefaultPriority)};
  for (std::size_t other = 0; other < kMaxProbes; ++other) {
    const auto& earlier = sequence_.probes[other];
    if (earlier && earlier->func == probe.func && earlier->data == probe.data)
      return refuse(formatted("probe {} has the same func and data as probe {}", name, sequence_.names.of(other)));
  }
  sequence_.probes[*slot] = probe;
  return true;
}

bool LineParser::parse_operation(std::string_view cpu, Words& words) {
  Operation operation;
  const auto runner = cpu_named(cpu);
  if (!runner) return expected("'probe', 'tracepoint' or a CPU, w0 w1 r0 r1 r2 r3 k0", cpu);
  operation.cpu = *runner;
  const std::string_view verb_word = words.next();
  auto verb = verb_named(verb_word);
  if (verb_word == kKey && runner->kind == Cpu::Kind::writer) {
    const std::string_view change = words.next();
    verb = verb_named(formatted("{} {}", kKey, change));
    if (!verb) return expected("inc or dec", change);
  }
  if (!verb || runner_of(*verb) != runner->kind) return expected(verbs_of(runner->kind), verb_word);
  operation.verb = *verb;
  if (names_probes(*verb) && !parse_named_probes(words.next(), *verb, operation.probes)) return false;
  unsigned given = 0;  // a bit for each of properties()
  tp::Domains domains;
  bool first = true;
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
    bool fine = false;
    const bool begins_batch = std::exchange(first, false) && word.ends_with(',') && value_of(word, kTracepoint);
    if (begins_batch) {
      if (!parse_batch(word, words, operation)) return false;
      for (std::size_t i = 0; i < properties().size(); ++i)
        if (properties()[i].name == kTracepoint) given |= 1U << i;
      continue;
    }
    if (word.starts_with(kResult))
      fine = parse_result(word.size() == kResult.size() ? words.next() : word.substr(kResult.size()), words, operation);
    else if (word.starts_with(kPark))
      fine = parse_park(word, words.next(), operation);
    else if (word == kAfter && *verb == Verb::free_probe)
      fine = parse_after(words, domains, operation);
    else if (tp::domain_named(word))
      fine = parse_domain(word, domains, operation);
    else
      fine = parse_property(word, given, operation);
    if (!fine) return false;
  }
  if (operation.nested && operation.nested == operation.tp)
    return refuse(formatted("{}={} is the tracepoint of the hit itself", kNested, operation.tp));
  if (sequence_.operations.size() == kMaxOperations)
    return refuse(formatted("more than {} operations", kMaxOperations));
  sequence_.operations.push_back(operation);
  return true;
}

// From the first `tp=N,` on.
bool LineParser::parse_batch(std::string_view tracepoint, Words& words, Operation& operation) {
  if (operation.verb != Verb::unregister_probe || operation.probes == 0)
    return refuse(formatted("'{}{}' has one tracepoint", verb_name(operation.verb),
                            operation.probes == 0 ? formatted(" {}", kNull) : ""));
  std::array<std::uint8_t, kMaxTracepoints> removed{};
  std::uint8_t probes = operation.probes;
  for (bool more = true; more;) {
    const auto text = value_of(tracepoint, kTracepoint);
    more = tracepoint.ends_with(',');
    const auto tp =
        text ? number(text->substr(0, text->size() - (more ? 1 : 0)), 0, kMaxTracepoints - 1) : std::nullopt;
    if (!tp) return expected(formatted("{}=0 to {}", kTracepoint, kMaxTracepoints - 1), tracepoint);
    std::uint8_t& its = removed[static_cast<std::size_t>(*tp)];
    for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
      if ((its & probes & probe_bit(slot)) != 0)
        return refuse(formatted("probe {} of {}={} is named twice", sequence_.names.of(slot), kTracepoint, *tp));
    its |= probes;
    if (!more) break;
    const std::string_view names = words.next();
    if (names == kNull) return expected("a probe, as a batch over several tracepoints has no null", names);
    probes = 0;
    if (!parse_named_probes(names, operation.verb, probes)) return false;
    tracepoint = words.next();
  }
  const auto first = std::ranges::find_if(removed, [](std::uint8_t its) { return its != 0; });
  operation.tp = static_cast<std::uint8_t>(first - removed.begin());
  operation.probes = std::exchange(*first, std::uint8_t{0});
  operation.further = removed;
  return true;
}

bool LineParser::parse_named_probes(std::string_view names, Verb verb, std::uint8_t& probes) {
  if (names == kNull && verb != Verb::free_probe) return true;
  for (;;) {
    const std::string_view name = names.substr(0, names.find(','));
    if (!parse_name(name)) return false;
    const Slot slot = declared(name);
    if (!slot) return expected("a probe that a line above declares", name);
    if ((probes & probe_bit(*slot)) != 0) return refuse(formatted("probe {} is named twice", name));
    probes |= probe_bit(*slot);
    if (name.size() == names.size()) return true;
    if (verb != Verb::unregister_probe) return expected("one probe", names);
    names.remove_prefix(name.size() + 1);
  }
}

bool LineParser::parse_domain(std::string_view word, tp::Domains& named, Operation& operation) {
  const auto domain = tp::domain_named(word);
  if (!takes_away(operation.verb)) return refuse(formatted("'{}' has no {}", verb_name(operation.verb), word));
  if (named.has(*domain)) return refuse(formatted("{} is given twice", word));
  if (operation.verb == Verb::free_probe && named.empty()) return expected("after or park@POINT", word);
  named |= *domain;
  if (operation.verb == Verb::free_probe)
    operation.after = named;
  else
    operation.domain = named == tp::kEveryDomain ? std::nullopt : domain;
  return true;
}

// From the word behind `after` on.
bool LineParser::parse_after(Words& words, tp::Domains& named, Operation& operation) {
  if (!named.empty()) return refuse(formatted("{} is given twice", kAfter));
  const std::string_view word = words.next();
  const auto domain = tp::domain_named(word);
  if (!domain) return expected("rcu or tasks", word);
  operation.after = named = *domain;
  return true;
}

bool LineParser::parse_property(std::string_view word, unsigned& given, Operation& operation) {
  unsigned bit = 1;
  for (const Property& property : properties()) {
    const auto text = value_of(word, property.name);
    if (text) {
      if ((given & bit) != 0) return refuse(formatted("{}= is given twice", property.name));
      if (!property.applies(operation)) {
        const bool null = changes_probes(operation.verb) && operation.probes == 0;
        return refuse(formatted("'{}{}' has no {}=", verb_name(operation.verb), null ? " null" : "", property.name));
      }
      given |= bit;
      if (!property.word.empty()) {
        if (*text != property.word) return expected(formatted("{}={}", property.name, property.word), word);
        property.set(operation, property.low);
        return true;
      }
      const auto value = number(*text, property.low, property.high);
      if (!value) return expected(formatted("{}={} to {}", property.name, property.low, property.high), word);
      property.set(operation, value);
      return true;
    }
    bit <<= 1U;
  }
  if (operation.verb == Verb::sync) return expected("rcu, tasks or park@POINT", word);
  if (operation.verb == Verb::free_probe)
    return expected(operation.after.empty() ? "after or park@POINT" : "rcu, tasks or park@POINT", word);
  if (changes_key(operation.verb)) return expected("tp=, park@POINT or ->", word);
  return expected("prio=, tp=, site=, nested=, fail=, hook=fail, park@POINT or ->", word);
}

bool LineParser::parse_park(std::string_view word, std::string_view events, Operation& operation) {
  Park park;
  const std::string_view target = word.substr(kPark.size());
  const std::string_view point_name = target.substr(0, target.find('#'));
  const auto point = tp::point_named(point_name);
  if (!point)
    return refuse(
        formatted("expected a point after 'park@', found {}{}", quoted(word), did_you_mean_point(point_name)));
  if ((tp::passers(*point) & passer_of(operation.verb)) == 0)
    return refuse(formatted("'{}' never passes '{}'", verb_name(operation.verb), point_name));
  park.point = *point;
  if (point_name.size() != target.size()) {
    const auto nth = number(target.substr(point_name.size() + 1), 1, kMaxNth);
    if (!nth) return expected(formatted("#1 to #{} after the point", kMaxNth), word);
    park.nth = static_cast<std::uint8_t>(*nth);
  }
  const auto count = number(events, 1, kMaxEvents);
  if (!count) return expected(formatted("1 to {} events after {}", kMaxEvents, quoted(word)), events);
  park.events = static_cast<std::uint8_t>(*count);
  if (operation.parks.size() == kMaxParks) return refuse(formatted("more than {} parks of one operation", kMaxParks));
  operation.parks.push_back(park);
  return true;
}

bool LineParser::parse_result(std::string_view name, Words& words, Operation& operation) {
  if (!has_result(operation.verb)) return refuse(formatted("'{}' has no result", verb_name(operation.verb)));
  operation.expect = result_named(name);
  if (!operation.expect) {
    std::string names;
    for (const ResultName& row : kResultNames) names += formatted(" {}", row.name);
    return expected(formatted("a result,{}", names), name);
  }
  const std::string_view more = words.next();
  return more.empty() || expected("the end of the line", more);
}

bool LineParser::parse_name(std::string_view name) {
  if (is_probe_name(name)) return true;
  if (is_probe_name(name.substr(0, kLongestProbeName)))
    return expected(formatted("a name of at most {} characters", kLongestProbeName), name);
  return expected("the name of a probe, [A-Za-z_][A-Za-z0-9_]* and not null", name);
}

// The slot of the declared probe called `name`.
LineParser::Slot LineParser::declared(std::string_view name) const {
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (sequence_.probes[slot] && sequence_.names.of(slot) == name) return slot;
  return std::nullopt;
}

// The slot for a new probe called `name`; nothing if there are as many probes as there may be.
LineParser::Slot LineParser::slot_for(std::string_view name) const {
  const std::uint8_t slots =
      is_probe_letter(name) ? probe_bit(slot_of_letter(name)) : static_cast<std::uint8_t>(~slots_of_letters_);
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (!sequence_.probes[slot] && (slots & probe_bit(slot)) != 0) return slot;
  return std::nullopt;
}

bool LineParser::expected(std::string_view what, std::string_view found) {
  return refuse(formatted("expected {}, found {}", what, quoted(found)));
}

bool LineParser::refuse(std::string mistake) {
  mistake_ = std::move(mistake);
  return false;
}

}  // namespace tpfuzz
