#include "fuzz/explore/script.h"

#include <algorithm>
#include <utility>

#include "fuzz/sequence/cpu.h"

namespace tpfuzz {
namespace {

// They would mean something to what makes a sequence of an execution (engine/turns.h).
Sequence without_parks(Sequence lines) {
  for (Operation& line : lines.operations) line.parks.clear();
  return lines;
}

}  // namespace

Script::Script(Sequence lines) : lines_(without_parks(std::move(lines))) {
  for (std::size_t i = 0; i < lines_.operations.size(); ++i)
    by_cpu_[static_cast<std::size_t>(lines_.operations[i].cpu.number())].push_back(static_cast<std::uint8_t>(i));
}

std::span<const std::uint8_t> AnyLine::next(int cpu, const Begun& begun, int operations) const {
  const bool may = is_reader(cpu) ? !bounds_.hits || begun[static_cast<std::size_t>(cpu)] < *bounds_.hits
                                  : !bounds_.operations || operations < *bounds_.operations;
  return may ? of(cpu) : std::span<const std::uint8_t>();
}

void AnyLine::note(int cpu, Begun& begun) const {
  if (is_reader(cpu) && bounds_.hits) ++begun[static_cast<std::size_t>(cpu)];
}

std::span<const std::uint8_t> InOrder::next(int cpu, const Begun& begun, int /*operations*/) const {
  const std::span<const std::uint8_t> rest = of(cpu).subspan(begun[static_cast<std::size_t>(cpu)]);
  return rest.first(std::min(rest.size(), std::size_t{1}));
}

}  // namespace tpfuzz
