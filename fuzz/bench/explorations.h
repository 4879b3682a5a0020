// The benchmarks of explorations.cc: which there are is a table.
#pragma once

namespace tpfuzz::bench {

/// Adds them to google-benchmark's.
void register_explorations();

}  // namespace tpfuzz::bench
