// BENCHMARKS.md.
#pragma once

#include <string>
#include <vector>

#include "fuzz/bench/record.h"

namespace tpfuzz::bench {

/// The page, in Markdown: the last record in full, each table below the command that measures it, and the history of
/// what matters most. What was not measured is "-". `history` is not empty.
std::string page(const std::vector<Record>& history);

}  // namespace tpfuzz::bench
