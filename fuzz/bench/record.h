// What one run of the benchmarks measured; `history.jsonl` beside this file has one a line.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tpfuzz::bench {

/// Over the repetitions of a benchmark.
struct Measured {
  double median = 0;
  std::optional<double> variation;  ///< standard deviation / mean; nothing of a value that is always zero
  bool operator==(const Measured&) const = default;
};

struct Record {
  std::string date;     ///< YYYY-MM-DD
  std::string commit;   ///< what was measured
  std::string machine;  ///< what on, in words
  /// By "BENCHMARK VALUE": of each benchmark its `time`, in seconds, and its counters. BENCHMARK is its name without
  /// what the library appends ("/real_time").
  std::map<std::string, Measured> values{};

  /// The median of "BENCHMARK VALUE"; nothing if it was not measured.
  std::optional<double> median(const std::string& key) const;
};

/// Takes into `record` what google-benchmark has written with --benchmark_format=json and repetitions, and its date.
/// Throws nlohmann::json::exception if it is something else.
void take(Record& record, const nlohmann::json& results);

/// A record as a line of the history, without its end; figures of four digits, always in the same order.
std::string to_line(const Record& record);
/// And back. Throws nlohmann::json::exception.
Record from_line(const std::string& line);

}  // namespace tpfuzz::bench
