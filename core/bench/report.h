// What a run of core_bench shows: the medians, in the order of registration, and their values by name.
//
// Repetitions are run in random order, so that a slow second of the machine does not fall on one benchmark alone; the
// library then reports whatever ends first. The reporter keeps the results and hands them on, sorted, at the end.
// The console shows medians and coefficients of variation; other formats get everything. Used by one thread.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tpfuzz::internal::bench {

inline constexpr char kTime[] = "time";    ///< real time of an iteration, in the benchmark's unit
inline constexpr char kLargest[] = "max";  ///< a benchmark asks for it by ComputeStatistics

class Report : public benchmark::BenchmarkReporter {
 public:
  /// Hands on to the reporter that --benchmark_format asks for.
  Report();

  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

  /// The median over the repetitions of `benchmark`'s `value`: kTime or a counter; nothing if it did not run.
  /// `benchmark` is the name without what the library appends ("/iterations:1").
  std::optional<double> median(const std::string& benchmark, const std::string& value) const;

  /// The largest that any repetition had, of a benchmark with the statistic kLargest.
  std::optional<double> largest(const std::string& benchmark, const std::string& value) const;

  /// Whether stdout is for people, and not JSON or CSV.
  bool for_people() const { return for_people_; }

 private:
  void note(const Run& run);

  std::unique_ptr<benchmark::BenchmarkReporter> display_;
  bool for_people_;
  std::map<std::pair<std::int64_t, std::int64_t>, std::vector<Run>> reported_;  // by family and instance
  std::map<std::string, std::map<std::string, double>> medians_;
  std::map<std::string, std::map<std::string, double>> largest_;
};

}  // namespace tpfuzz::internal::bench
