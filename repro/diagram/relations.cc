#include "repro/diagram/relations.h"

#include <algorithm>

namespace tpfuzz {
namespace {

std::size_t next_of_lane(const Diagram& diagram, std::size_t step) {
  std::size_t next = step + 1;
  while (next < diagram.steps.size() && diagram.steps[next].lane != diagram.steps[step].lane) ++next;
  return next;
}

}  // namespace

std::vector<Arrow> arrows_of(const Diagram& diagram) {
  std::vector<Arrow> arrows;
  for (std::size_t i = 0; i < diagram.steps.size(); ++i) {
    const Step& step = diagram.steps[i];
    const bool crosses = step.after && diagram.steps[*step.after].lane != step.lane;
    if (crosses || step.after_start) arrows.push_back({step.after, i});
  }
  return arrows;
}

std::vector<Pause> pauses_of(const Diagram& diagram) {
  std::vector<Pause> pauses;
  for (std::size_t i = 0; i < diagram.steps.size(); ++i) {
    const Step& step = diagram.steps[i];
    if (step.delayed_until)
      pauses.push_back({i, *step.delayed_until, true});
    else if (step.kind == Step::Kind::wait)
      pauses.push_back({i, next_of_lane(diagram, i), false});
  }
  return pauses;
}

std::vector<std::vector<std::string>> changes_of(const Diagram& diagram) {
  std::vector<std::vector<std::string>> changes;
  const std::vector<std::string>* before = &diagram.before;
  for (const Step& step : diagram.steps) {
    auto& changed = changes.emplace_back();
    for (const std::string& line : step.settled)
      if (std::ranges::find(*before, line) == before->end()) changed.push_back(line);
    before = &step.settled;
  }
  return changes;
}

const char* meaning_of_arrow_to(const Step& step) {
  switch (step.kind) {
    case Step::Kind::load:
      return "is loaded";
    case Step::Kind::call:
      return "is executed";
    case Step::Kind::wait:
      return "is waited for";
    case Step::Kind::wake:
      return "ends the wait";
    default:
      return "is seen";
  }
}

}  // namespace tpfuzz
