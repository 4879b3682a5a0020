// A diagram as a trace that ui.perfetto.dev opens: Chrome's JSON format.
#pragma once

#include <string>

#include "repro/diagram/diagram.h"

namespace tpfuzz {

/// A thread a CPU, a microsecond a step, in the order of time; thread 0 is what was there at the start.
std::string perfetto_of(const Diagram& diagram);

}  // namespace tpfuzz
