#include <nlohmann/json.hpp>

#include "repro/check/tell.h"
#include "repro/session/verdict_record.h"

namespace tpfuzz {
namespace {

using Json = nlohmann::ordered_json;

Json replays_json(const Replays& replays) {
  Json broken = Json::array();
  for (const BrokenBy& by : replays.broken) broken.push_back({{"file", by.name}, {"token", token(*by.verdict)}});
  return {{"runs", replays.runs}, {"complete", replays.complete}, {"lacking", replays.lacking}, {"broken", broken}};
}

Json exploration_json(const Exploration& exploration) {
  Json json = {{"explored", words(exploration.bounds)}};
  if (!exploration.ran()) return json["not_run"] = exploration.not_run, json;
  const Explored& explored = exploration.explored;
  json["verdict"] = explored.broken ? "violation" : explored.complete ? "clean" : "stopped";
  if (const auto covered = exploration.covered()) json["covered"] = words(*covered);
  json["operations"] = explored.operations;
  json["states"] = explored.states;
  json["steps"] = explored.steps;
  return json;
}

Json search_json(const CheckedSearch& search) {
  Json json = {{"readers", search.both_readers ? "both" : "ordinary"}, {"asked", search.asked}};
  if (!search.not_run.empty()) return json["not_run"] = search.not_run, json;
  json["executions"] = search.searched.executions;
  json["complete"] = search.searched.complete;
  if (search.searched.verdict) json["token"] = token(*search.searched.verdict);
  return json;
}

Json cost_json(const Cost& cost) {
  Json json = Json::object();
  for (std::size_t i = 0; i < tp::kTransitions; ++i)
    json[std::string(name(static_cast<tp::Transition>(i)))] = {{"times", cost[i].times},
                                                               {"grace_periods", cost[i].grace_periods},
                                                               {"cookies", cost[i].cookies},
                                                               {"patches", cost[i].patches}};
  return json;
}

Json costs_json(const Costs& costs) {
  return {
      {"complete", costs.broken.empty()}, {"in_a_row", cost_json(costs.in_a_row)}, {"apart", cost_json(costs.apart)}};
}

Json breakage_json(const Breakage& breakage) {
  return {{"token", token(breakage.violation)},
          {"operations", changes_of(breakage.sequence)},
          {"by", breakage.by},
          {"shortest", breakage.exhaustive}};
}

Json counterexample_json(const Counterexample& counterexample) {
  Json json = {{"operations", changes_of(counterexample.sequence)},
               {"alone", counterexample.alone},
               {"sequence", counterexample.text}};
  if (counterexample.alone) json["diagram"] = counterexample.diagram;
  return json;
}

}  // namespace

std::string as_json(const Checked& checked) {
  Json json = json_of(VerdictRecord{.line = verdict_line_of(checked),
                                    .explanation = checked.counterexample ? checked.counterexample->explanation : ""});
  json["conclusion"] = conclusion(checked);
  if (const std::string why = why_not_clean(checked); !why.empty()) json["why_not_clean"] = why;
  json["known_sequences"] = replays_json(checked.replays);
  json["explorations"] = Json::array();
  for (const Exploration& exploration : checked.explorations)
    json["explorations"].push_back(exploration_json(exploration));
  json["searches"] = Json::array();
  for (const CheckedSearch& search : checked.searches) json["searches"].push_back(search_json(search));
  json["costs"] = costs_json(checked.costs);
  if (checked.todays) json["costs_today"] = costs_json(*checked.todays);
  if (checked.ordinary) json["ordinary"] = breakage_json(*checked.ordinary);
  if (checked.faultable) json["faultable"] = breakage_json(*checked.faultable);
  if (checked.counterexample) json["counterexample"] = counterexample_json(*checked.counterexample);
  return line_of(json);
}

}  // namespace tpfuzz
