// Where lines of a diagram name a probe: its function, its data, or itself in a list. Renderers give a probe one colour
// by that.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "repro/diagram/lines.h"

namespace tpfuzz {

struct ProbeMark {
  std::size_t begin = 0;  ///< in its line
  std::size_t size = 0;
  std::size_t probe = 0;  ///< index into the names
  bool object = false;    ///< a function or a data; else the probe in a list, as in "{b, a}"
  bool operator==(const ProbeMark&) const = default;
};

/// The marks of each line, in order. `probes` are the names; "callback_a#2" is marked as a whole.
std::vector<std::vector<ProbeMark>> probe_marks(const Lines& lines, const std::vector<std::string>& probes);

}  // namespace tpfuzz
