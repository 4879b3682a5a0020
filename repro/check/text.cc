#include <fmt/format.h>

#include <map>

#include "repro/check/columns.h"
#include "repro/check/tell.h"
#include "repro/session/witness.h"

namespace tpfuzz {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string replays_result(const Replays& replays) {
  const BrokenBy* first = nullptr;  // with ordinary readers
  std::size_t faultable = 0;
  for (const BrokenBy& by : replays.broken) {
    if (by.sequence.faultable != 0)
      ++faultable;
    else if (first == nullptr)
      first = &by;
  }
  std::string result = first == nullptr
                           ? "clean"
                           : fmt::format("broken by {}, first by {}", replays.broken.size() - faultable, first->name);
  if (faultable > 0) result += fmt::format("; {} with faultable readers broke it", faultable);
  if (replays.lacking > 0) result += fmt::format("; {} ran without parts that the subject lacks", replays.lacking);
  if (!replays.complete) result += "; interrupted";
  return result;
}

// Of one that ran.
std::string exploration_result(const Exploration& exploration) {
  const Explored& explored = exploration.explored;
  if (explored.broken) return fmt::format("broken by {} operations, and by no fewer", explored.operations);
  if (explored.complete) return fmt::format("clean for any length: all {} states", explored.states);
  if (const auto covered = exploration.covered())
    return fmt::format("clean up to {} operations; stopped at {} states", *covered->operations, explored.states);
  return fmt::format("stopped at {} states, before the end of 1 operation", explored.states);
}

std::string search_result(const CheckedSearch& search) {
  if (!search.not_run.empty()) return "not run: " + search.not_run;
  if (search.searched.found) return fmt::format("broken by execution {}", search.searched.executions);
  return search.searched.complete ? "clean"
                                  : fmt::format("interrupted after {}, clean until then", search.searched.executions);
}

std::string tried(const Checked& checked) {
  Rows rows = {{fmt::format("{} known sequences", checked.replays.runs), replays_result(checked.replays)}};
  std::map<std::string, int> not_run;  // by why, how many
  for (const Exploration& exploration : checked.explorations) {
    if (!exploration.ran())
      ++not_run[exploration.not_run];
    else
      rows.push_back({exploration.label.empty() ? "every schedule, 3 probes, 1 writer, 1 reader of 1 hit"
                                                : "every schedule, with " + exploration.label,
                      exploration_result(exploration)});
  }
  for (const auto& [why, number] : not_run)
    rows.push_back(
        {fmt::format("every schedule, {} more exploration{}", number, number == 1 ? "" : "s"), "not run: " + why});
  for (const CheckedSearch& search : checked.searches)
    rows.push_back(
        {fmt::format("{} random executions{}", search.asked, search.both_readers ? " with faultable readers, too" : ""),
         search_result(search)});
  return in_columns(rows);
}

struct CostColumn {
  const char* title;
  Cost Costs::* cost;
  unsigned TransitionCost::* number;
};
constexpr CostColumn kCostColumns[] = {
    {"waits in a row", &Costs::in_a_row, &TransitionCost::grace_periods},
    {"waits apart", &Costs::apart, &TransitionCost::grace_periods},
    {"cookies", &Costs::in_a_row, &TransitionCost::cookies},
    {"patches", &Costs::in_a_row, &TransitionCost::patches},
};

// Each number of the protocol that was checked, and beside it today's.
std::string cost_table(const Checked& checked) {
  std::vector<const Costs*> sides = {&checked.costs};
  if (checked.todays) sides.push_back(&*checked.todays);
  Rows rows = {{"transition", "operations"}};
  for (const CostColumn& column : kCostColumns)
    for (std::size_t side = 0; side < sides.size(); ++side)
      rows.front().emplace_back(side == 0 ? column.title : "today");
  for (std::size_t i = 0; i < tp::kTransitions; ++i) {
    std::vector<std::string> row = {std::string(name(static_cast<tp::Transition>(i))),
                                    fmt::format("{}", checked.costs.in_a_row[i].times)};
    for (const CostColumn& column : kCostColumns)
      for (const Costs* side : sides) row.push_back(fmt::format("{}", (side->*column.cost)[i].*column.number));
    rows.push_back(row);
  }
  return in_columns(rows, 1);
}

std::string cost_words(const Checked& checked) {
  std::string words = "What each transition costs";
  if (checked.todays) words += fmt::format(", beside {}, the order of Linux since 5.14 (today)", tp::kDefaultProtocol);
  words +=
      ".\nwaits: grace periods waited for, with a reader inside all the time (in a row), or with readers that leave "
      "after"
      "\neach operation (apart). cookies: snapshots of the grace-period state. patches: updates of code.\n";
  if (!checked.costs.broken.empty())
    words += "It broke while this was measured. What came after that is not counted.\n";
  return words;
}

std::string counterexample_text(const Counterexample& counterexample, bool shows_sequence) {
  std::string text;
  if (counterexample.alone) text += "\n" + counterexample.diagram;
  if (shows_sequence) text += "\n" + counterexample.text;
  return text;
}

}  // namespace

std::string as_text(const Checked& checked, bool shows_sequence) {
  std::string text = verdict_line_of(checked) + "\n\nWhat was tried:\n" + tried(checked) + "\n" + cost_words(checked) +
                     cost_table(checked);
  if (checked.counterexample) text += counterexample_text(*checked.counterexample, shows_sequence);
  return text + "\n" + conclusion(checked);
}

std::string as_file(const Counterexample& counterexample) {
  return counterexample.alone ? with_comment(counterexample.text, counterexample.diagram) : counterexample.text;
}

}  // namespace tpfuzz
