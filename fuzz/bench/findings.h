// Executions to the first finding, from nothing: a table, in Markdown.
#pragma once

#include <string>

namespace tpfuzz::bench {

struct FindingsOptions {
  int seeds = 21;
  int budget = 20'000;  ///< executions of one search
  std::string only;     ///< one subject; empty: all that can be found
};

/// Searches and prints. Returns false if `only` is none of them.
bool print_findings(const FindingsOptions& options);

}  // namespace tpfuzz::bench
