// Numbers of a session, and the same over time.
#pragma once

#include <string>

#include "repro/diagram/chart.h"
#include "repro/report/session_report.h"

namespace tpfuzz {

/// How much was fuzzed, over all runs.
struct Effort {
  std::int64_t executions = 0;
  std::int64_t seconds = 0;
  std::int64_t runs = 0;
};
Effort effort_of(const Session& session);

/// Of the possible interleavings from `begin` on, `count` of them, those that were met.
struct Ratio {
  std::size_t met = 0;
  std::size_t possible = 0;

  std::string text() const;  ///< "3/7"; "-" if none is possible
};
Ratio ratio_of(const SessionReport& report, std::size_t begin, std::size_t count);
Ratio ratio_of(const SessionReport& report);

/// Over the time spent, run after run. A sample of a short interval, as the last one of a run often is, counts with the
/// one before it. Findings are marked.
Chart speed_of(const SessionReport& report);
Chart met_of(const SessionReport& report);

/// The section `statistics`.
std::string statistics_of(const SessionReport& report);

}  // namespace tpfuzz
