// The benchmarks of targets.cc: which there are is known at run time.
#pragma once

namespace tpfuzz::bench {

/// Adds them to google-benchmark's.
void register_targets();

}  // namespace tpfuzz::bench
