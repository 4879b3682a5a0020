#include "fuzz/sequence/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "fuzz/sequence/line_parser.h"
#include "fuzz/sequence/result_names.h"
#include "fuzz/sequence/vocabulary.h"
#include "fuzz/sequence/words.h"

namespace tpfuzz {
namespace {

constexpr std::string_view kMagic = "tpfuzz ";
constexpr std::string_view kVersion = "1";

// What is wrong with the first line; empty if nothing.
std::string check_header(std::string_view line) {
  if (!is_text(line)) return fmt::format("expected 'tpfuzz {}', found {}", kVersion, quoted(line));
  Words words(line.substr(kMagic.size()));
  if (const auto version = words.next(); version != kVersion)
    return fmt::format("expected version {}, found {}", kVersion, quoted(version));
  if (const auto more = words.next(); !more.empty())
    return fmt::format("expected the end of the line, found {}", quoted(more));
  return {};
}

void print_probe(std::size_t slot, const Probe& probe, std::string& text) {
  fmt::format_to(std::back_inserter(text), "probe {} func={} data={} prio={}\n", probe_name(slot), probe.func,
                 probe.data, probe.prio);
}

void print_named_probes(std::uint8_t probes, std::string& text) {
  char separator = ' ';
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot) {
    if ((probes & probe_bit(slot)) == 0) continue;
    text += separator;
    text += probe_name(slot);
    separator = ',';
  }
  if (probes == 0) text += " null";
}

void print_operation(const Operation& operation, std::string& text) {
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "{} {}", cpu_name(operation.cpu), verb_name(operation.verb));
  if (changes_probes(operation.verb)) print_named_probes(operation.probes, text);
  for (const Property& property : properties()) {
    const auto value = property.get(operation);
    if (!value) continue;
    fmt::format_to(out, " {}=", property.name);
    property.word.empty() ? fmt::format_to(out, "{}", *value) : fmt::format_to(out, "{}", property.word);
  }
  for (const Park& park : operation.parks) {
    fmt::format_to(out, " park@{}", tp::name(park.point));
    if (park.nth != 1) fmt::format_to(out, "#{}", park.nth);
    fmt::format_to(out, " {}", park.events);
  }
  if (operation.expect) fmt::format_to(out, " -> {}", result_name(*operation.expect));
  text += '\n';
}

}  // namespace

bool is_text(std::string_view bytes) { return bytes.starts_with(kMagic); }

std::variant<Sequence, Error> parse_text(std::string_view text) {
  if (text.empty()) return Error{0, fmt::format("expected 'tpfuzz {}', found an empty file", kVersion)};
  Sequence sequence;
  LineParser parser(sequence);
  for (int line = 1; !text.empty(); ++line) {
    const std::string_view content = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(content.size() + 1, text.size()));
    std::string wrong = line == 1 ? check_header(content) : parser.parse(content);
    if (!wrong.empty()) return Error{line, std::move(wrong)};
  }
  return sequence;
}

std::string to_text(const Sequence& sequence) {
  std::string text = fmt::format("{}{}\n", kMagic, kVersion);
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (const auto& probe = sequence.probes[slot]) print_probe(slot, *probe, text);
  for (const Operation& operation : sequence.operations) print_operation(operation, text);
  return text;
}

}  // namespace tpfuzz
