// `repro report`: what a fuzzing session came to, as one self-contained page.
#pragma once

#include <string>

namespace tpfuzz {

struct ReportOptions {
  std::string directory;  ///< what fuzz.sh left (session.h)
  std::string protocol;   ///< what --protocol says; empty: nothing
  std::string out;        ///< empty: standard output
};

/// Writes the page (report/session_report.h): what happened in one sentence, the findings with their diagrams, the
/// protocol, coverage, statistics, and what the session was made with. Returns 0. Throws InputError.
int report(const ReportOptions& options);

}  // namespace tpfuzz
