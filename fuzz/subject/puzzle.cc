#include "fuzz/subject/puzzle.h"

#include <algorithm>

#include "fuzz/subject/puzzle/groups.h"

namespace tpfuzz {

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
