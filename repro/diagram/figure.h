// A diagram in a page: the drawing where there is room for it, else the same steps as a list. The list is also what a
// screen reader reads.
#pragma once

#include <string>
#include <string_view>

#include "repro/diagram/diagram.h"

namespace tpfuzz {

/// A `figure` element, for a page that has figure_style(). `drawing` is the SVG element in it.
std::string figure_of(const Diagram& diagram, const std::string& drawing);

/// A paragraph that tells how to read the drawings.
std::string_view how_to_read();

/// What pages with figures share: colours, text, code, figures; light, dark, narrow and printed.
std::string figure_style();

}  // namespace tpfuzz
