// A diagram as a page that needs nothing else: no network, no script.
#pragma once

#include <string>

#include "repro/diagram/diagram.h"

namespace tpfuzz {

/// The verdict's line, the drawing (svg_diagram.h) and the sequence's text.
std::string html_of(const Diagram& diagram);

}  // namespace tpfuzz
