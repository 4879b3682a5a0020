// Weaving: a source of the core with all its mutants in it, each to be switched on at run time (on.h), so that one
// build has them all. Of mutant N
//
//   an expression becomes    (on(N) ? (replacement) : (original))
//   a statement becomes      { if (on(N)) { replacement } else { original } }
//
// Places may be equal, or lie in each other: the inner ones are woven into the original of the outer. No line moves, so
// that what compilers and sanitizers say is true of the core's own source.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "fuzz/mutants/mutant.h"

namespace tpfuzz::mutants {

/// `text`, the source `source`, with those of `mutants` that have a place in it; mutants count from 1. Or the first
/// place that can't be woven.
std::variant<std::string, Error> weave(std::string_view text, const std::string& source,
                                       std::span<const Mutant> mutants);

}  // namespace tpfuzz::mutants
