#include "fuzz/subject/puzzle.h"

#include <fmt/format.h>

#include <algorithm>

#include "fuzz/subject/puzzle/groups.h"

namespace tpfuzz {

std::string finders(const Puzzle& puzzle) {
  std::string found_by(puzzle.found_by.empty() ? "nothing" : puzzle.found_by);
  if (!puzzle.harmless.empty()) found_by += fmt::format(": {}", puzzle.harmless);
  return found_by;
}

std::string sanitizer_finders(const Puzzle& puzzle) {
  std::string found_by;
  if (puzzle.found_by_asan != puzzle.found_by) found_by += fmt::format("asan: {}", puzzle.found_by_asan);
  if (puzzle.found_by_tsan != puzzle.found_by)
    found_by += fmt::format("{}tsan: {}", found_by.empty() ? "" : "; ", puzzle.found_by_tsan);
  return found_by;
}

std::string place_of(const Mistake& mistake) {
  const std::string_view file = mistake.where.file_name();
  const std::size_t folder = file.rfind("fuzz/subject/");
  return fmt::format("{}:{}", file.substr(folder == file.npos ? 0 : folder), mistake.where.line());
}

const std::vector<Puzzle>& puzzles() {
  static const std::vector<Puzzle> all = [] {
    std::vector<Puzzle> found;
    for (const auto group : {puzzle::orderings(), puzzle::cookies(), puzzle::memory(), puzzle::arrays(),
                             puzzle::registration(), puzzle::patching(), puzzle::readers(), puzzle::arguments(),
                             puzzle::nesting(), puzzle::accesses(), puzzle::writers(), puzzle::loops()})
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
