#include "fuzz/subject/catalogue.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "fuzz/base/closest.h"
#include "fuzz/base/format.h"
#include "fuzz/sequence/header.h"
#include "fuzz/subject/kernel/kernel.h"
#include "fuzz/subject/lttng_ust.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/subject/protocol_mistakes.h"
#include "fuzz/subject/puzzle.h"

namespace tpfuzz {
namespace {

using tp::Protocol;

#ifdef TPFUZZ_LTTNG_UST
constexpr std::array kPeers = {
    Peer{kLttngUst, "LTTng-UST's tracepoints, which patch nothing", kLttngUstProtocol, &lttng_ust_subject}};
#else
constexpr std::array<Peer, 0> kPeers = {};
#endif

const Peer* peer_named(std::string_view name) {
  const auto found = std::ranges::find(kPeers, name, &Peer::name);
  return found != kPeers.end() ? &*found : nullptr;
}

bool is_built_in(const std::string& name) {
  return puzzle_named(name) != nullptr || peer_named(name) != nullptr || !tp::shipped_text(name).empty();
}

// The built-in protocol `name`; nothing if there is none.
std::optional<Protocol> built_in_protocol(const std::string& name) {
  if (peer_named(name) != nullptr) return std::nullopt;
  auto protocol = protocol_of({name, {}});
  return std::holds_alternative<Protocol>(protocol) ? std::optional(std::get<Protocol>(std::move(protocol)))
                                                    : std::nullopt;
}

bool passes_for_another(const Protocol& protocol) {
  if (!is_built_in(protocol.name)) return false;
  const auto built_in = built_in_protocol(protocol.name);
  return !built_in || !tp::same(*built_in, protocol);
}

// The number of the line that names the protocol: the first that is neither blank nor a comment.
int name_line(std::string_view text) { return header_of(text).line; }

std::variant<Protocol, Error> parse(std::string_view text, const tp::Dialect& dialect = {}) {
  auto parsed = tp::parse_protocol(text, dialect);
  if (auto* error = std::get_if<tp::ProtocolError>(&parsed)) return Error{error->line, std::move(error->message)};
  return std::get<Protocol>(std::move(parsed));
}

// The protocol that `text` is, which may not pass for another.
std::variant<Protocol, Error> parse_own(std::string_view text) {
  if (text.find('\0') != text.npos) return Error{0, "expected text, found a NUL character"};
  auto parsed = parse(text, dialect());
  if (const auto* protocol = std::get_if<Protocol>(&parsed))
    if (passes_for_another(*protocol))
      return Error{name_line(text),
                   formatted("expected another name: {} is built in, and is not this", protocol->name)};
  return parsed;
}

std::vector<std::string_view> built_in_names() {
  std::vector<std::string_view> names;
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) names.push_back(shipped.name);
  for (const Peer& peer : kPeers) names.push_back(peer.name);
  for (const Puzzle& puzzle : puzzles()) names.push_back(puzzle.name);
  return names;
}

// Why `name_or_file` is no subject: it is not built in, and can't be read as a file, as `why` says.
Error unknown(const std::string& name_or_file, const std::string& why) {
  std::error_code ignored;
  if (name_or_file.find('/') != name_or_file.npos || std::filesystem::exists(name_or_file, ignored))
    return {0, why, name_or_file};
  return {0,
          formatted("expected the name of a protocol or a puzzle (`repro protocols` lists them), a protocol file or "
                    "kernel:DIR{}",
                    did_you_mean_built_in(name_or_file)),
          name_or_file};
}

// Each line with an end, which is a new line alone: as a record keeps it.
std::string lines_of(std::string_view text) {
  std::string lines;
  while (!text.empty()) {
    std::string_view line = next_line(text);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.append(line) += '\n';
  }
  return lines;
}

}  // namespace

std::string did_you_mean_built_in(std::string_view name) {
  const std::vector<std::string_view> names = built_in_names();
  return did_you_mean(name, names);
}

std::span<const Peer> peers() { return kPeers; }

std::variant<SubjectRecord, std::vector<Error>> subject_record(const std::string& name_or_file) {
  if (is_built_in(name_or_file)) return SubjectRecord{name_or_file, {}};
  if (const auto tree = kernel::parse_name(name_or_file)) {
    const auto text = kernel::protocol_text(*tree);
    if (const auto* error = std::get_if<Error>(&text)) return std::vector{*error};
    return SubjectRecord{kernel::text_of(*tree), {}};
  }
  const auto text = tp::read_protocol(name_or_file);
  if (const auto* error = std::get_if<tp::ProtocolError>(&text))
    return std::vector{unknown(name_or_file, error->message)};
  const auto parsed = parse_own(std::get<std::string>(text));
  if (const auto* error = std::get_if<Error>(&parsed))
    return in_file(protocol_mistakes(std::get<std::string>(text), *error, dialect()), name_or_file);
  const std::string& name = std::get<Protocol>(parsed).name;
  if (is_built_in(name)) return SubjectRecord{name, {}};
  return SubjectRecord{name, lines_of(std::get<std::string>(text))};
}

std::variant<Protocol, Error> protocol_of(const SubjectRecord& record) {
  if (!record.protocol.empty()) {
    auto parsed = parse_own(record.protocol);
    if (const auto* protocol = std::get_if<Protocol>(&parsed))
      if (protocol->name != record.name)
        return Error{name_line(record.protocol),
                     formatted("expected 'protocol {}', found {}", record.name, protocol->name)};
    return parsed;
  }
  if (const auto tree = kernel::parse_name(record.name)) {
    const auto text = kernel::protocol_text(*tree);
    if (const auto* error = std::get_if<Error>(&text)) return *error;
    return parse(std::get<std::string>(text));
  }
  if (const Puzzle* puzzle = puzzle_named(record.name)) return parse(protocol_text(*puzzle), dialect());
  if (const Peer* peer = peer_named(record.name)) return parse(peer->protocol);
  const std::string_view shipped = tp::shipped_text(record.name);
  if (shipped.empty())
    return Error{
        0, formatted("expected the name of a shipped protocol or a puzzle, or kernel:DIR, found {}", record.name)};
  return parse(shipped);
}

std::string name_of(const SubjectRecord& record) {
  if (!record.protocol.empty() || !kernel::parse_name(record.name)) return record.name;
  const auto protocol = protocol_of(record);
  const auto* its = std::get_if<Protocol>(&protocol);
  return its != nullptr ? its->name : record.name;
}

std::variant<std::unique_ptr<Subject>, Error> make_subject(const SubjectRecord& record) {
  if (const Peer* peer = peer_named(record.name); peer != nullptr && record.protocol.empty()) return peer->make();
  if (const auto tree = kernel::parse_name(record.name); tree && record.protocol.empty())
    return kernel::make_subject(*tree);
  auto protocol = protocol_of(record);
  if (auto* error = std::get_if<Error>(&protocol)) return std::move(*error);
  return subject_of(std::get<Protocol>(std::move(protocol)));
}

std::string opening_comment(std::string_view text) {
  std::string comment;
  for (; text.starts_with("# "); text.remove_prefix(text.find('\n') + 1))
    comment.append(comment.empty() ? "" : " ").append(text.substr(2, text.find('\n') - 2));
  return comment;
}

std::variant<std::unique_ptr<Subject>, Error> load_subject(const std::string& name_or_file) {
  const auto record = subject_record(name_or_file);
  if (const auto* mistakes = std::get_if<std::vector<Error>>(&record)) return mistakes->front();
  return make_subject(std::get<SubjectRecord>(record));
}

}  // namespace tpfuzz
