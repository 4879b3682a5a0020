// A diagram as a drawing: SVG, which scales, follows the reader's light or dark scheme and tells the state of a step in
// its tooltip. Nothing in it is told by colour alone.
#pragma once

#include <string>
#include <string_view>

#include "repro/diagram/diagram.h"

namespace tpfuzz {

/// An `svg` element, which is a file of its own. Classes: `lane`, `step` (and its kind), `arrow`, `pause`, `violation`.
std::string svg_of(const Diagram& diagram);

/// The colours of drawings, light and dark, as variables of CSS: for what stands beside one.
std::string_view colours();

}  // namespace tpfuzz
