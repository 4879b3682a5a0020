#include "repro/export/story.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "fuzz/sequence/cpu.h"
#include "fuzz/sequence/probe_set.h"
#include "fuzz/sequence/result_names.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

constexpr std::size_t kColumns = 120;
constexpr std::size_t kIndent = 2;
constexpr std::string_view kProbePrefix = "probe_";

// An identifier of C++ for a point: "before-publish" is Point::before_publish.
std::string identifier(tp::Point point) {
  std::string identifier(tp::name(point));
  std::ranges::replace(identifier, '-', '_');
  return identifier;
}

// The probes of an operation, `prefix` in front of each: "probe_a, probe_b".
std::string probes_of(const Operation& operation, const ProbeNames& names, std::string_view prefix,
                      std::string_view between) {
  std::string probes;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if ((operation.probes & probe_bit(slot)) != 0)
      probes += fmt::format("{}{}{}", probes.empty() ? "" : between, prefix, names.of(slot));
  return probes.empty() ? "null" : probes;
}

// "register a"
std::string words(const Turn& turn, const ProbeNames& names) {
  if (turn.line == nullptr) return "run";
  const std::string verb(verb_name(turn.line->verb));
  return names_probes(turn.line->verb) ? verb + " " + probes_of(*turn.line, names, "", ",") : verb;
}

// The identifiers of the functions, or data, that the used probes have: the first that has each gives it its name. With
// the prefix a name is no word of C++ and no identifier of the template's. NULL is the template's `no_data`.
std::map<int, std::string> identifiers(const Sequence& sequence, std::uint8_t Probe::* number,
                                       std::string_view prefix) {
  std::map<int, std::string> identifiers;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (const int its = sequence.probes[slot].value_or(Probe{}).*number;
        (used_probes(sequence) & probe_bit(slot)) != 0 && its != kNullData)
      identifiers.try_emplace(its, fmt::format("{}_{}", prefix, sequence.names.of(slot)));
  return identifiers;
}

// `rows`, with `comments` behind them in one column: so clang-format leaves each on a line of its own.
std::string commented(const std::vector<std::string>& rows, const std::vector<std::string>& comments) {
  std::size_t width = 0;
  for (const std::string& row : rows) width = std::max(width, row.size());
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) text += fmt::format("    {:<{}}  // {}\n", rows[i], width, comments[i]);
  return text;
}

// `begin` and a list in braces: on one line if it fits, as clang-format has it.
std::string initialized(const std::string& begin, const std::vector<std::string>& elements) {
  const std::string line = fmt::format("{}{{{}}};\n", begin, fmt::join(elements, ", "));
  if (line.size() <= kColumns + 1) return line;
  std::vector<std::string> rows;
  std::vector<std::string> numbers;
  for (const std::string& element : elements) {
    numbers.push_back(std::to_string(rows.size()));
    rows.push_back(element + ",");
  }
  return fmt::format("{}{{\n{}}};\n", begin, commented(rows, numbers));
}

// Likewise.
std::string enumeration(std::string_view name, const std::vector<std::string>& enumerators) {
  const std::string line = fmt::format("enum {} {{ {} }};\n", name, fmt::join(enumerators, ", "));
  if (line.size() <= kColumns + 1) return line;
  return fmt::format("enum {} {{\n  {}\n}};\n", name, fmt::join(enumerators, ",\n  "));
}

// "enum Data { data_a, data_b, kData };" and the names.
std::string named(std::string_view type, std::string_view count, const std::map<int, std::string>& identifiers) {
  std::vector<std::string> enumerators;
  std::vector<std::string> names;
  for (const auto& [number, identifier] : identifiers) {
    enumerators.push_back(identifier);
    names.push_back(fmt::format("\"{}\"", identifier));
  }
  enumerators.emplace_back(count);
  return enumeration(type, enumerators) +
         initialized(fmt::format("constexpr std::array<std::string_view, {}> k{}Names = ", count, type), names);
}

std::string probes_text(const Sequence& sequence) {
  const auto functions = identifiers(sequence, &Probe::func, "callback");
  const auto data = identifiers(sequence, &Probe::data, "data");
  std::string text = named("Function", "kFunctions", functions) + named("Data", "kData", data);
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot) {
    if ((used_probes(sequence) & probe_bit(slot)) == 0) continue;
    const Probe probe = sequence.probes[slot].value_or(Probe{});
    text +=
        fmt::format("constexpr Probe {}{}{{{}, {}, {}}};\n", kProbePrefix, sequence.names.of(slot),
                    functions.at(probe.func), probe.data == kNullData ? "no_data" : data.at(probe.data), probe.prio);
  }
  return text;
}

// What stands in the braces of Options.
std::vector<std::string> options_of(const Operation& operation) {
  std::vector<std::string> options;
  if (operation.prio) options.push_back(fmt::format(".prio = {}", *operation.prio));
  if (operation.tp != 0) options.push_back(fmt::format(".tracepoint = {}", operation.tp));
  if (operation.site != 0) options.push_back(fmt::format(".site = {}", operation.site));
  if (operation.fail != 0) options.push_back(fmt::format(".fail = {}", operation.fail));
  if (operation.hook_fails) options.emplace_back(".hook_refuses = true");
  if (operation.expect)
    options.push_back(
        fmt::format(".expected = {}{}", *operation.expect == 0 ? "" : "-", result_name(*operation.expect)));
  return options;
}

// "Domain::rcu, Domain::tasks"
std::string domains_of(tp::Domains domains) {
  std::string all;
  domains.for_each(
      [&](tp::Domain domain) { all += fmt::format("{}Domain::{}", all.empty() ? "" : ", ", name(domain)); });
  return all;
}

// A statement in the body of a function.
std::string call(const Operation& operation, const ProbeNames& names) {
  std::vector<std::string> arguments;
  const std::string probes = probes_of(operation, names, kProbePrefix, ", ");
  if (operation.verb == Verb::register_probe || operation.verb == Verb::free_probe) arguments.push_back(probes);
  if (operation.verb == Verb::unregister_probe) arguments.push_back(fmt::format("{{{}}}", probes));
  if (operation.domain) arguments.push_back(fmt::format("Domain::{}", name(*operation.domain)));
  if (!operation.after.empty()) arguments.push_back(fmt::format("{{{}}}", domains_of(operation.after)));
  const auto options = options_of(operation);
  if (!options.empty()) arguments.push_back(fmt::format("{{{}}}", fmt::join(options, ", ")));
  constexpr std::array<std::string_view, kVerbs> kFunctions = {"register_probe", "unregister_probes", "sync", "hit", "",
                                                               "free_probe"};
  const std::string begin = fmt::format("{}(", kFunctions[static_cast<std::size_t>(operation.verb)]);
  const std::string line = fmt::format("{}{});", begin, fmt::join(arguments, ", "));
  if (kIndent + line.size() <= kColumns) return line;
  return fmt::format("{}{});", begin, fmt::join(arguments, ",\n" + std::string(kIndent + begin.size(), ' ')));
}

std::string program_name(Cpu cpu) {
  return fmt::format("{}_{}", cpu.kind == Cpu::Kind::writer ? "writer" : "reader", cpu_name(cpu));
}

// What each CPU of the sequence does, but the worker, which a registration starts.
std::map<int, std::vector<const Operation*>> programs_of(const Sequence& sequence) {
  std::map<int, std::vector<const Operation*>> programs;
  for (const Operation& operation : sequence.operations)
    if (operation.verb != Verb::run) programs[operation.cpu.number()].push_back(&operation);
  return programs;
}

std::string programs_text(const Sequence& sequence) {
  std::string functions;
  std::string table;
  for (const auto& [number, operations] : programs_of(sequence)) {
    const Cpu cpu = operations.front()->cpu;
    const std::string begin = fmt::format("static void {}() {{", program_name(cpu));
    const std::string line = fmt::format("{} {} }}\n", begin, call(*operations.front(), sequence.names));
    if (operations.size() == 1 && line.size() <= kColumns + 1) {
      functions += line;
    } else {
      functions += begin + "\n";
      for (const Operation* operation : operations)
        functions += fmt::format("  {}\n", call(*operation, sequence.names));
      functions += "}\n";
    }
    table += fmt::format("    {{{}, {}}},  // {} operation{}\n", cpu_name(cpu), program_name(cpu), operations.size(),
                         operations.size() == 1 ? "" : "s");
  }
  return fmt::format("{}\nconstexpr Program programs[] = {{\n{}}};\n", functions, table);
}

std::string until_text(const Turn& turn) {
  if (!turn.until) return "to_its_end";
  const std::string nth = turn.nth == 1 ? "" : fmt::format(", {}", turn.nth);
  return fmt::format("until(Point::{}{})", identifier(*turn.until), nth);
}

std::string schedule_text(const std::vector<Turn>& turns, const ProbeNames& names) {
  std::vector<std::string> rows;
  std::vector<std::string> comments;
  for (const Turn& turn : turns) {
    rows.push_back(fmt::format("{{{}, {}, {}}},", cpu_name(turn.cpu), turn.operation, until_text(turn)));
    comments.push_back(words(turn, names));
  }
  return "constexpr Turn schedule[] = {\n" + commented(rows, comments) + "};\n";
}

// A string; of several lines, a raw one whose end `text` does not hold.
std::string literal(std::string_view text) {
  if (text.find('\n') == text.npos) return fmt::format("\"{}\"", text);
  std::string delimiter = "protocol";
  while (text.find(")" + delimiter + "\"") != text.npos) delimiter += "_";
  return fmt::format("R\"{}(\n{}){}\"", delimiter, text, delimiter);
}

int tracepoints_of(const Sequence& sequence) {
  int most = 0;
  for (const Operation& operation : sequence.operations) most = std::max(most, int{operation.tp});
  return most + 1;
}

}  // namespace

std::string story(const Sequence& sequence, const std::vector<Turn>& turns, std::string_view protocol) {
  return fmt::format(
      "constexpr const char* kProtocol = {};  // it was found under this one\n\n"
      "// The probes: function, data and priority; the highest is called first.\n{}\n"
      "// What each CPU does.\n{}\n"
      "// Who runs, and how far.\n{}",
      literal(protocol), probes_text(sequence), programs_text(sequence), schedule_text(turns, sequence.names));
}

int lives(const Sequence& sequence) {
  const auto taking =
      std::ranges::count_if(sequence.operations, [](const Operation& operation) { return takes_away(operation.verb); });
  return static_cast<int>(taking) + 1;
}

std::string tracepoint_definitions(const Sequence& sequence) {
  std::string text;
  for (int i = 0; i < tracepoints_of(sequence); ++i)
    text += fmt::format("TPFUZZ_REPLAY_TRACEPOINT(tracepoint_{}, {});\n", i,
                        name(is_faultable(sequence, i) ? tp::Domain::tasks : tp::Domain::rcu));
  return text;
}

std::string tracepoint_rows(const Sequence& sequence) {
  std::vector<std::string> rows;
  for (int i = 0; i < tracepoints_of(sequence); ++i) rows.push_back(fmt::format("row<tracepoint_{}>()", i));
  return fmt::format("{}", fmt::join(rows, ", "));
}

}  // namespace tpfuzz
