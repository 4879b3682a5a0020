#include "repro/export.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "fuzz/execute.h"
#include "fuzz/subject/kernel/name.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/subject/puzzle.h"
#include "repro/diagram/recorder/builder.h"
#include "repro/diagram/text_diagram.h"
#include "repro/export/story.h"
#include "repro/export_templates.h"  // generated: kTestTemplate, kProjectTemplate
#include "repro/io/file.h"
#include "repro/io/output.h"
#include "repro/io/subjects.h"

namespace tpfuzz {
namespace {

struct Finding {
  Invariant invariant;
  std::vector<Turn> turns;
  std::string diagram;
};

// What an exported test can judge.
bool is_exportable(Invariant invariant) {
  switch (invariant) {
    case Invariant::pairing:
    case Invariant::snapshot:
    case Invariant::grace:
    case Invariant::fault:
    case Invariant::result:
      return true;
    default:
      return false;
  }
}

bool is_delayed_in_trap(const Operation& operation) {
  return operation.verb == Verb::hit && std::ranges::any_of(operation.parks, [](const Park& park) {
           return (tp::row(park.point).touches & tp::touched::trap) != 0;
         });
}

Finding find(const std::string& file, const Sequence& sequence, const SubjectRecord& record) {
  if (record.protocol.empty() && kernel::parse_name(record.name))
    throw InputError(fmt::format(
        "{}: expected a violation of a protocol, found the tree {}: an exported test uses the core as it is", file,
        record.name));
  const OpenSubject its = open_subject(record, file);
  if (!is_plain(its.protocol))
    throw InputError(
        fmt::format("{}: expected a protocol without 'hit:', 'iterate:' and 'mistake:', found {}: an exported test "
                    "uses the core as it is",
                    file, record.name));
  if (its.protocol.trap != tp::TrapHandler::stateless)
    throw InputError(
        fmt::format("{}: expected a protocol with trap: stateless, found trap: {}: an exported test uses the "
                    "core's own handler",
                    file, name(its.protocol.trap)));
  Subject& subject = *its.subject;
  Executor executor(subject);
  const Execution execution = executor.run(sequence);
  if (!execution.verdict || !is_exportable(execution.verdict->invariant))
    throw InputError(
        fmt::format("{}: expected a violation of pairing, snapshot, grace, fault or result under {}, found {}", file,
                    subject.name(), execution.verdict ? name(execution.verdict->invariant) : "a clean run"));
  Possible possible;
  return {execution.verdict->invariant, turns_of(possible.of(sequence, subject), execution.trace.events()),
          text_of(diagram_of(subject, its.protocol, sequence))};
}

// What a test says of the protocol that is right today, for the readers that it has. What the sequence itself expects
// may be wrong under that protocol, too.
std::string clean_words(const Sequence& sequence, const std::string& file) {
  bool faultable = false;
  for (const Operation& operation : sequence.operations) faultable |= is_faultable(sequence, operation.tp);
  const std::string today = faultable ? "cookies-own" : std::string(tp::kDefaultProtocol);
  const OpenSubject its = open_subject(SubjectRecord{today, {}}, file);
  Executor executor(*its.subject);
  return executor.run(sequence).verdict ? fmt::format("Breaks under today's protocol, {}, too.", today)
                                        : fmt::format("Clean under today's protocol, {}.", today);
}

// The name of a shipped protocol, else a text.
std::string name_or_text(const SubjectRecord& record) {
  if (!record.protocol.empty()) return record.protocol;
  const Puzzle* const puzzle = puzzle_named(record.name);
  return puzzle != nullptr ? std::string(protocol_text(*puzzle)) : record.name;
}

// Each line behind "//"; the last has no line end.
std::string comment(std::string_view text) {
  std::string comment;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    comment += (comment.empty() ? "//" : "\n//") + (line.empty() ? "" : " " + std::string(line));
  }
  return comment;
}

// A name for C++, CMake and the file: "pairing-0-to-1-loaded.seq" is pairing_0_to_1_loaded.
std::string test_name(const std::string& file) {
  std::string name = std::filesystem::path(file).stem().string();
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  std::ranges::replace_if(name, [&](char c) { return !is_plain(c); }, '_');
  return name + "_test";
}

// `text` with VALUE in place of each "@NAME@" of `values`; what a value holds stays as it is.
std::string filled(std::string_view text, std::initializer_list<std::pair<std::string_view, std::string>> values) {
  std::string out;
  while (!text.empty()) {
    const auto value = std::ranges::find_if(values, [&](const auto& each) { return text.starts_with(each.first); });
    out += value != values.end() ? value->second : std::string(1, text.front());
    text.remove_prefix(value != values.end() ? value->first.size() : 1);
  }
  return out;
}

// Ours begin as the template `text` does, up to the first colon.
void refuse_to_replace_others(const std::string& file, std::string_view text) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return;
  if (std::filesystem::is_regular_file(file, error)) {
    const auto bytes = read_bytes(file);
    if (std::string(bytes.begin(), bytes.end()).starts_with(text.substr(0, text.find(':')))) return;
  }
  throw InputError(fmt::format("{}: expected a file that `repro export` wrote, or none", file));
}

}  // namespace

int export_test(const ExportOptions& options) {
  if (options.directory == "-") throw InputError("--output: expected a directory, found '-'");
  Subjects subjects(options.protocol);
  const Input input = read_sequence(options.file, options.reading);
  const Sequence& sequence = input.sequence;
  if (std::ranges::any_of(sequence.operations, spans_tracepoints))
    throw InputError(
        fmt::format("{}: expected no batch over several tracepoints: an exported test can't have one", options.file));
  if (std::ranges::any_of(sequence.operations, [](const Operation& operation) { return changes_key(operation.verb); }))
    throw InputError(fmt::format("{}: expected no key inc or key dec: an exported test can't have one", options.file));
  if (std::ranges::any_of(sequence.operations, [](const Operation& operation) { return operation.nested.has_value(); }))
    throw InputError(fmt::format("{}: expected no hit with nested=: an exported test can't have one", options.file));
  if (std::ranges::any_of(sequence.operations, is_delayed_in_trap))
    throw InputError(
        fmt::format("{}: expected no delay of a hit in a trap: an exported test can't have one", options.file));
  const SubjectRecord record = subjects.of(options.file, input.subject);
  subjects.tell_replaced();
  const Finding finding = find(options.file, sequence, record);
  const std::string test = filled(kTestTemplate, {{"@INVARIANT@", std::string(name(finding.invariant))},
                                                  {"@DIAGRAM@", comment(finding.diagram)},
                                                  {"@CLEAN@", clean_words(sequence, options.file)},
                                                  {"@STORY@\n", story(sequence, finding.turns, name_or_text(record))},
                                                  {"@TRACEPOINTS@\n", tracepoint_definitions(sequence)},
                                                  {"@ROWS@", tracepoint_rows(sequence)},
                                                  {"@LIVES@", std::to_string(lives(sequence))}});

  std::error_code error;
  std::filesystem::create_directories(options.directory, error);
  if (error)
    throw InputError(
        fmt::format("{}: expected a directory that can be written: {}", options.directory, error.message()));
  const std::filesystem::path directory(options.directory);
  const std::string source = directory / (test_name(options.file) + ".cc");
  const std::string project = directory / "CMakeLists.txt";
  refuse_to_replace_others(source, kTestTemplate);
  refuse_to_replace_others(project, kProjectTemplate);
  write_output(source, test);
  write_output(project, kProjectTemplate);
  std::puts(source.c_str());
  return 0;
}

}  // namespace tpfuzz
