// What connects the steps of a diagram, for renderers that draw it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "repro/diagram/diagram.h"

namespace tpfuzz {

/// A step of one CPU sees or waits for what another CPU did.
struct Arrow {
  std::optional<std::size_t> from;  ///< a step; none: what was there at the start
  std::size_t to = 0;               ///< a later step
};

/// A CPU does nothing between two steps.
struct Pause {
  std::size_t behind = 0;  ///< the step that it stops behind
  std::size_t until = 0;   ///< the step, of any CPU, in front of which it goes on; the number of steps: to the end
  bool delayed = false;    ///< else it waits
};

/// In the order of the steps that they lead to.
std::vector<Arrow> arrows_of(const Diagram& diagram);

/// In the order of their begin.
std::vector<Pause> pauses_of(const Diagram& diagram);

/// Of each step, the lines of its settled state that the step before it did not have.
std::vector<std::vector<std::string>> changes_of(const Diagram& diagram);

/// What an arrow to `step` means.
const char* meaning_of_arrow_to(const Step& step);

}  // namespace tpfuzz
