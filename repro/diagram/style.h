// What drawings and the pages that they stand in have in common: colours, light and dark, and the marks of probes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "repro/diagram/probe_marks.h"

namespace tpfuzz {

/// The colours, as variables of CSS: of the page, and --p0 to --p7 of the probes. Each is readable on --ground and
/// --box.
std::string_view colours();

/// `line` with its marks in elements of the kind `tag`, of the class `p0` for the first probe, and `wrong` if `wrong`
/// says so of objects. Escaped.
std::string marked(std::string_view line, const std::vector<ProbeMark>& marks, std::string_view tag,
                   bool wrong = false);

/// `sentences` as HTML: what stands in backticks as code, "1->2" and "-EINVAL" in one piece. Escaped.
std::string prose(std::string_view sentences);

/// The rules for what `marked` makes: `property` is what colours text, "fill" or "color".
std::string probe_style(std::string_view property);

}  // namespace tpfuzz
