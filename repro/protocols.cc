#include "repro/protocols.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/protocol.h"
#include "fuzz/subject/puzzle.h"
#include "repro/file.h"

namespace tpfuzz {
namespace {

// What a protocol's file says about it: the comment that it opens with, in one line.
std::string about(const tp::ShippedProtocol& shipped) {
  std::string comment;
  for (std::string_view text = shipped.text; text.starts_with("# "); text.remove_prefix(text.find('\n') + 1))
    comment += (comment.empty() ? "" : " ") + std::string(text.substr(2, text.find('\n') - 2));
  return comment;
}

void list() {
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols())
    std::puts(fmt::format("{:<27} protocol  {}", shipped.name, about(shipped)).c_str());
  for (const Puzzle& puzzle : puzzles()) {
    const std::string sanitizers = sanitizer_finders(puzzle);
    std::puts(fmt::format("{:<27} puzzle    {} (found by {}{}{})", puzzle.name, puzzle.mistake, finders(puzzle),
                          sanitizers.empty() ? "" : "; ", sanitizers)
                  .c_str());
  }
}

void list_as_json() {
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols())
    std::puts(
        nlohmann::ordered_json{{"name", shipped.name}, {"kind", "protocol"}, {"about", about(shipped)}}.dump().c_str());
  for (const Puzzle& puzzle : puzzles())
    std::puts(nlohmann::ordered_json{{"name", puzzle.name},
                                     {"kind", "puzzle"},
                                     {"about", puzzle.mistake},
                                     {"found_by", puzzle.found_by},
                                     {"found_by_asan", puzzle.found_by_asan},
                                     {"found_by_tsan", puzzle.found_by_tsan},
                                     {"harmless", puzzle.harmless}}
                  .dump()
                  .c_str());
}

void print(const std::string& name) {
  if (const Puzzle* puzzle = puzzle_named(name)) {
    std::printf("# a puzzle: %s\n%s", std::string(puzzle->mistake).c_str(), protocol_text(*puzzle).c_str());
    return;
  }
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols())
    if (shipped.name == name) {
      std::fwrite(shipped.text.data(), 1, shipped.text.size(), stdout);
      return;
    }
  throw InputError(name + ":0: expected a shipped protocol's or a puzzle's name");
}

}  // namespace

int protocols(const std::string& name, bool json) {
  if (!name.empty())
    print(name);
  else if (json)
    list_as_json();
  else
    list();
  return 0;
}

}  // namespace tpfuzz
