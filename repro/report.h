// `repro report`: what a fuzzing session came to, as one self-contained page.
#pragma once

#include <string>

namespace tpfuzz {

struct ReportOptions {
  std::string directory;  ///< what fuzz.sh left (session.h)
  std::string protocol;   ///< what --protocol says; empty: nothing
  std::string out;        ///< empty: standard output
};

/// Writes the page: the numbers, speed over time, the interleavings met as a heat map of transitions x reader points,
/// the code coverage of the core if it was measured, and each finding with its diagram. Returns 0. Throws InputError.
int report(const ReportOptions& options);

}  // namespace tpfuzz
