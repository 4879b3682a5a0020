// Diagrams made by hand.
#pragma once

#include <string>
#include <utility>

#include "repro/diagram/diagram.h"

namespace tpfuzz {

/// Lanes w0 and r0, and no steps.
inline Diagram two_lanes() {
  Diagram diagram;
  diagram.lanes = {{"writer w0"}, {"reader r0"}};
  diagram.verdict = "tpfuzz: clean protocol=cookies";
  return diagram;
}

/// Adds a step of the operation that has the number of its lane.
inline Step& add(Diagram& diagram, std::size_t lane, std::string words, Step::Kind kind = Step::Kind::other) {
  Step& step = diagram.steps.emplace_back();
  step.kind = kind;
  step.lane = lane;
  step.operation = lane;
  step.words = std::move(words);
  return step;
}

}  // namespace tpfuzz
