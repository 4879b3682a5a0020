#include "repro/io/protocol_text.h"

#include <fmt/format.h>

#include "core/protocol.h"
#include "fuzz/subject/catalogue.h"
#include "fuzz/subject/kernel/kernel.h"
#include "fuzz/subject/mistake/mistake.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/subject/puzzle.h"
#include "repro/io/file.h"

namespace tpfuzz {
namespace {

std::string puzzle_text(const Puzzle& puzzle) {
  const std::string_view text = protocol_text(puzzle);
  const auto protocol = std::get<tp::Protocol>(tp::parse_protocol(text, dialect()));
  std::string whole;
  for (const std::size_t number : protocol.mistakes)
    whole += fmt::format("# mistake {}: in C++, {}\n", mistakes()[number]->name(), mistakes()[number]->place());
  return whole.append(text);
}

std::string tree_text(const kernel::Name& tree) {
  const auto answer = kernel::protocol_text(tree);
  if (const auto* error = std::get_if<Error>(&answer)) throw InputError(*error);
  return "# a kernel tree, which was asked for its steps:\n" + std::get<std::string>(answer);
}

}  // namespace

std::string protocol_text(const std::string& name) {
  if (const Puzzle* puzzle = puzzle_named(name)) return puzzle_text(*puzzle);
  for (const Peer& peer : peers())
    if (peer.name == name)
      return fmt::format("# {}. The order of its registrations, as a protocol:\n{}", peer.about, peer.protocol);
  if (const auto tree = kernel::parse_name(name)) return tree_text(*tree);
  const std::string_view text = tp::shipped_text(name);
  if (text.empty())
    throw InputError(
        fmt::format("{}: expected a shipped protocol's or a puzzle's name{}", name, did_you_mean_built_in(name)));
  return std::string(text);
}

std::string protocol_text(const SubjectRecord& record) {
  return record.protocol.empty() ? protocol_text(record.name) : record.protocol;
}

}  // namespace tpfuzz
