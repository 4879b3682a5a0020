#include "repro/protocols.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "core/protocol.h"
#include "fuzz/subject/catalogue.h"
#include "fuzz/subject/mistake/mistake.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/subject/puzzle.h"
#include "repro/io/file.h"
#include "repro/io/protocol_text.h"

namespace tpfuzz {
namespace {

std::string_view word_of(tp::Protocol::Status status) {
  return status == tp::Protocol::Status::correct ? "correct" : "broken";
}

void list() {
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols())
    std::puts(fmt::format("{:<27} protocol  {}", shipped.name, opening_comment(shipped.text)).c_str());
  for (const Peer& peer : peers()) std::puts(fmt::format("{:<27} library   {}", peer.name, peer.about).c_str());
  for (const Puzzle& puzzle : puzzles()) {
    const std::string sanitizers = sanitizer_finders(puzzle);
    std::puts(fmt::format("{:<27} puzzle    {} (found by {}{}{})", puzzle.name, about(puzzle), finders(puzzle),
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
                                     {"about", opening_comment(shipped.text)}}
                  .dump()
                  .c_str());
  }
  for (const Peer& peer : peers())
    std::puts(nlohmann::ordered_json{{"name", peer.name}, {"kind", "library"}, {"about", peer.about}}.dump().c_str());
  for (const Puzzle& puzzle : puzzles())
    std::puts(nlohmann::ordered_json{{"name", puzzle.name},
                                     {"kind", "puzzle"},
                                     {"about", about(puzzle)},
                                     {"found_by", puzzle.found_by},
                                     {"found_by_asan", puzzle.found_by_asan},
                                     {"found_by_tsan", puzzle.found_by_tsan},
                                     {"harmless", puzzle.harmless}}
                  .dump()
                  .c_str());
}

// What may stand in a line `key: value`, a value a line.
void list_values(std::string_view key, std::span<const std::string_view> values, bool json) {
  for (const std::string_view value : values)
    std::puts(json ? nlohmann::ordered_json{{"key", key}, {"value", value}}.dump().c_str()
                   : fmt::format("{}: {}", key, value).c_str());
}

void list_dialect(bool json) {
  list_values("hit", dialect().hits, json);
  list_values("iterate", dialect().iterations, json);
  for (const Mistake* mistake : mistakes())
    std::puts(json ? nlohmann::ordered_json{{"key", "mistake"},
                                            {"value", mistake->name()},
                                            {"about", mistake->words()},
                                            {"place", mistake->place()}}
                         .dump()
                         .c_str()
                   : fmt::format("mistake: {:<27} # {}", mistake->name(), mistake->words()).c_str());
}

void write(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

// What a file says that was found under `name_or_file`.
void print_record(const std::string& name_or_file) {
  const auto record = subject_record(name_or_file);
  if (const auto* errors = std::get_if<std::vector<Error>>(&record)) throw InputError(*errors);
  write(to_lines(std::get<SubjectRecord>(record)));
}

}  // namespace

int protocols(const ProtocolsOptions& options) {
  if (options.dialect)
    list_dialect(options.json);
  else if (options.record)
    print_record(options.name.empty() ? std::string(tp::kDefaultProtocol) : options.name);
  else if (!options.name.empty())
    write(protocol_text(options.name));
  else if (options.json)
    list_as_json();
  else
    list();
  return 0;
}

}  // namespace tpfuzz
