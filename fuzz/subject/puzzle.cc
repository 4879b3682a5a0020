#include "fuzz/subject/puzzle.h"

#include <fmt/format.h>

#include <algorithm>

#include "fuzz/subject/puzzle/groups.h"

namespace tpfuzz {

std::string table_row(const Puzzle& puzzle) {
  std::string finders(puzzle.found_by.empty() ? "nothing" : puzzle.found_by);
  if (!puzzle.harmless.empty()) finders += fmt::format(": {}", puzzle.harmless);
  std::string sanitizers;
  if (puzzle.found_by_asan != puzzle.found_by) sanitizers += fmt::format("asan: {}", puzzle.found_by_asan);
  if (puzzle.found_by_tsan != puzzle.found_by)
    sanitizers += fmt::format("{}tsan: {}", sanitizers.empty() ? "" : "; ", puzzle.found_by_tsan);
  return fmt::format("| `{}` | {} | {} | {} |", puzzle.name, puzzle.mistake, finders, sanitizers);
}

const std::vector<Puzzle>& puzzles() {
  static const std::vector<Puzzle> all = [] {
    std::vector<Puzzle> found;
    for (const auto group : {puzzle::orderings(), puzzle::cookies(), puzzle::memory(), puzzle::arrays(),
                             puzzle::registration(), puzzle::patching(), puzzle::readers()})
      found.insert(found.end(), group.begin(), group.end());
    return found;
  }();
  return all;
}

const Puzzle* puzzle_named(std::string_view name) {
  const auto found = std::ranges::find_if(puzzles(), [name](const Puzzle& puzzle) { return name == puzzle.name; });
  return found != puzzles().end() ? &*found : nullptr;
}

}  // namespace tpfuzz
