#include "fuzz/sequence/text.h"

#include "fuzz/base/format.h"
#include "fuzz/sequence/header.h"
#include "fuzz/sequence/line_parser.h"
#include "fuzz/sequence/result_names.h"
#include "fuzz/sequence/vocabulary.h"
#include "fuzz/sequence/words.h"

namespace tpfuzz {
namespace {

using Slots = boost::container::static_vector<std::size_t, kMaxProbes>;

// The declared slots in the order of those that they take when the text is read: a letter its own, names the others.
Slots slots_in_order(const Sequence& sequence) {
  Slots named;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (sequence.probes[slot] && sequence.names.has_own(slot)) named.push_back(slot);
  Slots slots;
  auto next = named.begin();
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (sequence.probes[slot] && !sequence.names.has_own(slot))
      slots.push_back(slot);
    else if (next != named.end())
      slots.push_back(*next++);
  return slots;
}

void print_probe(std::string_view name, const Probe& probe, std::string& text) {
  const std::string data = probe.data == kNullData ? std::string(kNull) : std::to_string(probe.data);
  text += formatted("probe {} func={} data={} prio={}\n", name, probe.func, data, probe.prio);
}

void print_named_probes(std::uint8_t probes, const Slots& slots, const ProbeNames& names, std::string& text) {
  char separator = ' ';
  for (const std::size_t slot : slots) {
    if ((probes & probe_bit(slot)) == 0) continue;
    text += separator;
    text += names.of(slot);
    separator = ',';
  }
  if (probes == 0) text += formatted(" {}", kNull);
}

// " a,b tp=0, c tp=1"
void print_batch(const Operation& operation, const Slots& slots, const ProbeNames& names, std::string& text) {
  std::string_view separator;
  for_each_tracepoint(operation, [&](int tp) {
    text += separator;
    print_named_probes(probes_at(operation, tp), slots, names, text);
    text += formatted(" {}={}", kTracepoint, tp);
    separator = ",";
  });
}

// What the operation does: "register b tp=1".
void print_deed(const Operation& operation, const Slots& slots, const ProbeNames& names, std::string& text) {
  text += verb_name(operation.verb);
  if (operation.domain) text += formatted(" {}", tp::name(*operation.domain));
  const bool spans = spans_tracepoints(operation);
  if (spans)
    print_batch(operation, slots, names, text);
  else if (names_probes(operation.verb))
    print_named_probes(operation.probes, slots, names, text);
  if (!operation.after.empty()) text += formatted(" {}", kAfter);
  operation.after.for_each([&](tp::Domain domain) { text += formatted(" {}", tp::name(domain)); });
  for (const Property& property : properties()) {
    const auto value = property.get(operation);
    if (!value || (spans && property.name == kTracepoint)) continue;
    text +=
        formatted(" {}={}", property.name, property.word.empty() ? std::to_string(*value) : std::string(property.word));
  }
}

void print_operation(const Operation& operation, const Slots& slots, const ProbeNames& names, std::string& text) {
  text += formatted("{} ", cpu_name(operation.cpu));
  print_deed(operation, slots, names, text);
  for (const Park& park : operation.parks) {
    text += formatted(" park@{}", tp::name(park.point));
    if (park.nth != 1) text += formatted("#{}", park.nth);
    text += formatted(" {}", park.events);
  }
  if (operation.expect) text += formatted(" -> {}", result_name(*operation.expect));
  text += '\n';
}

// The slots whose letters `text` declares. What is declared after as many probes as there may be is refused anyway.
std::uint8_t slots_of_letters(std::string_view text) {
  std::uint8_t slots = 0;
  for (int probes = 0; probes < kMaxProbes && !text.empty();) {
    Words words(next_line(text));
    if (words.next() != "probe") continue;
    ++probes;
    if (const std::string_view name = words.next(); is_probe_letter(name)) slots |= probe_bit(slot_of_letter(name));
  }
  return slots;
}

// Parses `text` into `sequence`, and calls `tell(error)` for each mistake, as long as that returns true.
template <class Tell>
void parse(std::string_view text, Sequence& sequence, Tell tell) {
  if (text.empty()) {
    tell(Error{0, formatted("expected '{}', found an empty file", kHeader)});
    return;
  }
  const Header header = header_of(text);
  if (auto wrong = mistake_in(header); !wrong.empty()) {
    tell(Error{header.line, std::move(wrong)});
    return;
  }
  LineParser parser(sequence, slots_of_letters(header.rest));
  text = header.rest;
  for (int line = header.line + 1; !text.empty(); ++line) {
    const std::string_view content = next_line(text);
    if (is_record_line(content)) continue;
    std::string wrong = parser.parse(content);
    if (!wrong.empty() && !tell(Error{line, std::move(wrong)})) return;
  }
}

}  // namespace

bool is_text(std::string_view bytes) { return names_us(header_of(bytes)); }

std::variant<Sequence, Error> parse_text(std::string_view text) {
  Sequence sequence;
  std::optional<Error> first;
  parse(text, sequence, [&first](Error error) {
    first = std::move(error);
    return false;
  });
  if (first) return std::move(*first);
  return sequence;
}

std::vector<Error> mistakes_in_text(std::string_view text) {
  Sequence sequence;
  std::vector<Error> mistakes;
  parse(text, sequence, [&mistakes](Error error) {
    mistakes.push_back(std::move(error));
    return mistakes.size() < kMostTextMistakes;
  });
  return mistakes;
}

std::string to_text(const Sequence& sequence, const std::optional<SubjectRecord>& subject) {
  std::string text = formatted("{}\n{}", kHeader, subject ? to_lines(*subject) : "");
  for (int tp = 0; tp < kMaxTracepoints; ++tp)
    if (is_faultable(sequence, tp)) text += formatted("{} {} {}\n", kTracepointLine, tp, kFaultable);
  const Slots slots = slots_in_order(sequence);
  for (const std::size_t slot : slots) print_probe(sequence.names.of(slot), *sequence.probes[slot], text);
  for (const Operation& operation : sequence.operations) print_operation(operation, slots, sequence.names, text);
  return text;
}

std::string operation_text(const Sequence& sequence, std::size_t index) {
  std::string text;
  print_deed(sequence.operations[index], slots_in_order(sequence), sequence.names, text);
  return text;
}

}  // namespace tpfuzz
