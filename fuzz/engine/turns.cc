#include "fuzz/engine/turns.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "fuzz/engine/perform.h"
#include "fuzz/sequence/cpu.h"

namespace tpfuzz {
namespace {

constexpr Cpu kWorker{Cpu::Kind::worker, 0};

// At which passing of an access the operation is delayed for the time numbered `delay`, from 0: a trace does not tell
// of the passings before it. An operation that was driven has no such park: it stops at each passing.
int passing_of(const Operation& line, tp::Point access, int delay) {
  std::set<int> passings;
  for (const Park& park : line.parks)
    if (park.point == access) passings.insert(park.nth);
  return passings.empty() ? delay + 1 : *std::next(passings.begin(), delay);
}

bool is_same_operation(const Turn& one, const Turn& other) {
  return one.cpu == other.cpu && one.operation == other.operation;
}

// Without the stops after which the same CPU goes on at once: they delay nobody.
std::vector<Turn> joined(std::span<const Turn> turns) {
  std::vector<Turn> joined;
  for (const Turn& turn : turns)
    if (!joined.empty() && joined.back().until && is_same_operation(joined.back(), turn))
      joined.back() = turn;
    else
      joined.push_back(turn);
  return joined;
}

// A stop that is told as a park, and its end as an event. A CPU that waits and goes on when the wait is over has none.
bool is_park(const Turn& turn) { return turn.until && turn.parked; }
bool is_event(const Turn& turn) { return !turn.until || turn.parked; }

// How many events a CPU is delayed for that stops at the end of the turn `at`.
std::size_t events_until_it_goes_on(std::span<const Turn> turns, std::size_t at) {
  std::size_t events = 0;
  for (std::size_t i = at + 1; i < turns.size(); ++i) {
    if (is_same_operation(turns[i], turns[at])) return events;
    events += is_event(turns[i]);
  }
  return events + 1;  // it never does: its park must outlast the rest
}

// The line of `lines` for a turn; the lines of k0 come in the order of its runs.
Operation& line_of(std::vector<Operation>& lines, std::vector<Operation>& runs,
                   const std::vector<const Operation*>& order, const Turn& turn) {
  if (turn.line != nullptr) return lines[static_cast<std::size_t>(std::ranges::find(order, turn.line) - order.begin())];
  while (std::ssize(runs) < turn.operation) {
    runs.emplace_back().cpu = kWorker;
    runs.back().verb = Verb::run;
  }
  return runs[static_cast<std::size_t>(turn.operation - 1)];
}

// The operations in the order in which `turns` start them; then those that never start.
std::vector<const Operation*> starting_order(const Sequence& sequence, std::span<const Turn> turns) {
  std::vector<const Operation*> order;
  const auto add = [&](const Operation* line) {
    if (std::ranges::find(order, line) == order.end()) order.push_back(line);
  };
  for (const Turn& turn : turns)
    if (turn.line != nullptr) add(turn.line);
  for (const Operation& operation : sequence.operations)
    if (operation.verb != Verb::run) add(&operation);
  return order;
}

}  // namespace

std::vector<Turn> turns_of(const Sequence& sequence, std::span<const Event> events) {
  struct State {
    int operation = 0;
    const Operation* line = nullptr;  // with the parks; of k0, too
    std::array<int, tp::kPoints> passed{};
    std::array<int, tp::kPoints> delays{};
  };
  std::array<State, kMaxCpus> cpus{};
  std::vector<Turn> turns;
  for (const Event& event : events) {
    State& cpu = cpus[event.cpu];
    const bool is_worker = event.cpu == kWorkerCpu;
    switch (event.kind) {
      case Event::Kind::started:
        cpu = {cpu.operation + 1,
               is_worker ? worker_line(sequence, cpu.operation) : &sequence.operations[event.operation],
               {},
               {}};
        [[fallthrough]];
      case Event::Kind::resumed:
        turns.push_back({is_worker ? kWorker : cpu.line->cpu, cpu.operation, {}, 1, is_worker ? nullptr : cpu.line});
        break;
      case Event::Kind::passed:
        ++cpu.passed[static_cast<std::size_t>(event.point)];
        break;
      case Event::Kind::parked:
      case Event::Kind::waits: {
        const auto point = static_cast<std::size_t>(event.point);
        turns.back().until = event.point;
        turns.back().parked = event.kind == Event::Kind::parked;
        turns.back().nth =
            tp::is_access(event.point) ? passing_of(*cpu.line, event.point, cpu.delays[point]++) : cpu.passed[point];
        break;
      }
      default:
        break;
    }
  }
  return turns;
}

std::optional<Sequence> as_parks(const Sequence& sequence, std::span<const Turn> all_turns) {
  const std::vector<Turn> turns = joined(all_turns);
  const std::vector<const Operation*> order = starting_order(sequence, turns);
  std::vector<Operation> lines;
  std::vector<Operation> runs;
  for (const Operation* line : order) lines.emplace_back(*line).parks.clear();
  for (std::size_t i = 0; i < turns.size(); ++i) {
    if (!is_park(turns[i])) continue;
    const std::size_t events = events_until_it_goes_on(turns, i);
    auto& parks = line_of(lines, runs, order, turns[i]).parks;
    if (events > std::size_t{kMaxEvents} || turns[i].nth > kMaxNth || parks.size() == kMaxParks) return std::nullopt;
    parks.push_back({*turns[i].until, static_cast<std::uint8_t>(turns[i].nth), static_cast<std::uint8_t>(events)});
  }
  Sequence result = sequence;
  result.operations.assign(lines.begin(), lines.end());
  result.operations.insert(result.operations.end(), runs.begin(), runs.end());
  if (result.operations.size() > kMaxOperations) return std::nullopt;
  return result;
}

}  // namespace tpfuzz
