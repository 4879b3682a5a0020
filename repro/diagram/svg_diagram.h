// A diagram as a drawing: SVG, which scales and follows the reader's light or dark scheme. What a step changes stands
// beside the step; its tooltip has the whole state after it. Nothing in it is told by colour alone.
#pragma once

#include <string>
#include <string_view>

#include "repro/diagram/diagram.h"

namespace tpfuzz {

/// An `svg` element of the class `diagram`, which is a file of its own. Classes of what is in it: `lane`, `step` (and
/// its kind), `state`, `arrow`, `pause`, `violation`; `p0` to `p7` the probes, `wrong` what does not match.
std::string svg_of(const Diagram& diagram);

/// The same without style, caption and verdict, for a page that has them.
std::string inner_svg_of(const Diagram& diagram);

/// The style of such drawings.
std::string_view drawing_style();

}  // namespace tpfuzz
