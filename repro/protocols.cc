#include "repro/protocols.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/protocol.h"
#include "fuzz/subject/catalogue.h"
#include "fuzz/subject/kernel/kernel.h"
#include "fuzz/subject/puzzle.h"
#include "repro/io/file.h"

namespace tpfuzz {
namespace {

// What a protocol's file says about it: the comment that it opens with, in one line.
std::string about(const tp::ShippedProtocol& shipped) {
  std::string comment;
  for (std::string_view text = shipped.text; text.starts_with("# "); text.remove_prefix(text.find('\n') + 1))
    comment += (comment.empty() ? "" : " ") + std::string(text.substr(2, text.find('\n') - 2));
  return comment;
}

std::string_view word_of(tp::Protocol::Status status) {
  return status == tp::Protocol::Status::correct ? "correct" : "broken";
}

void list() {
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols())
    std::puts(fmt::format("{:<27} protocol  {}", shipped.name, about(shipped)).c_str());
  for (const Peer& peer : peers()) std::puts(fmt::format("{:<27} library   {}", peer.name, peer.about).c_str());
  for (const Puzzle& puzzle : puzzles()) {
    const std::string sanitizers = sanitizer_finders(puzzle);
    std::puts(fmt::format("{:<27} puzzle    {} (found by {}{}{})", puzzle.name, puzzle.mistake.what, finders(puzzle),
                          sanitizers.empty() ? "" : "; ", sanitizers)
                  .c_str());
  }
}

void list_as_json() {
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) {
    const tp::Protocol protocol = tp::shipped_protocol(shipped.name);
    std::puts(nlohmann::ordered_json{{"name", shipped.name},
                                     {"kind", "protocol"},
                                     {"status", word_of(protocol.status)},
                                     {"faultable", word_of(protocol.faultable)},
                                     {"about", about(shipped)}}
                  .dump()
                  .c_str());
  }
  for (const Peer& peer : peers())
    std::puts(nlohmann::ordered_json{{"name", peer.name}, {"kind", "library"}, {"about", peer.about}}.dump().c_str());
  for (const Puzzle& puzzle : puzzles())
    std::puts(nlohmann::ordered_json{{"name", puzzle.name},
                                     {"kind", "puzzle"},
                                     {"about", puzzle.mistake.what},
                                     {"found_by", puzzle.found_by},
                                     {"found_by_asan", puzzle.found_by_asan},
                                     {"found_by_tsan", puzzle.found_by_tsan},
                                     {"harmless", puzzle.harmless}}
                  .dump()
                  .c_str());
}

void write(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

void print(const std::string& name) {
  if (const Puzzle* puzzle = puzzle_named(name)) {
    write(fmt::format("# a puzzle: {}\n", puzzle->mistake.what));
    if (!is_in_protocol(*puzzle))
      write(
          fmt::format("# The mistake is in C++: {}. The protocol that it runs is right:\n", place_of(puzzle->mistake)));
    return write(protocol_text(*puzzle));
  }
  for (const Peer& peer : peers())
    if (peer.name == name)
      return write(fmt::format("# {}. The order of its registrations, as a protocol:\n{}", peer.about, peer.protocol));
  if (const auto tree = kernel::parse_name(name)) {
    const auto answer = kernel::protocol_text(*tree);
    if (const auto* refusal = std::get_if<kernel::Refusal>(&answer)) throw InputError(refusal->why);
    return write("# a kernel tree, which was asked for its steps:\n" + std::get<std::string>(answer));
  }
  const std::string_view text = tp::shipped_text(name);
  if (text.empty()) throw InputError(name + ":0: expected a shipped protocol's or a puzzle's name");
  write(text);
}

// What a file says that was found under `name_or_file`.
void print_record(const std::string& name_or_file) {
  const auto record = subject_record(name_or_file);
  if (const auto* error = std::get_if<std::string>(&record)) throw InputError(*error);
  write(to_lines(std::get<SubjectRecord>(record)));
}

}  // namespace

int protocols(const std::string& name, bool json, bool record) {
  if (record)
    print_record(name.empty() ? std::string(tp::kDefaultProtocol) : name);
  else if (!name.empty())
    print(name);
  else if (json)
    list_as_json();
  else
    list();
  return 0;
}

}  // namespace tpfuzz
