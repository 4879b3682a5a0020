#include "core/bench/report.h"

namespace tp::bench {
namespace {

using Values = std::map<std::string, std::map<std::string, double>>;

constexpr char kLargest[] = "max";  // the statistic that a benchmark adds by ComputeStatistics

std::optional<double> find(const Values& values, const std::string& benchmark, const std::string& counter) {
  const auto row = values.find(benchmark);
  if (row == values.end()) return {};
  const auto value = row->second.find(counter);
  if (value == row->second.end()) return {};
  return value->second;
}

}  // namespace

Report::Report()
    : display_(benchmark::CreateDefaultDisplayReporter()),
      for_people_(dynamic_cast<benchmark::ConsoleReporter*>(display_.get()) != nullptr) {}

bool Report::ReportContext(const Context& context) { return display_->ReportContext(context); }

void Report::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    const bool hidden = for_people_ && run.run_type == Run::RT_Aggregate && run.aggregate_name != "median" &&
                        run.aggregate_name != "cv";
    if (!hidden) reported_[{run.family_index, run.per_family_instance_index}].push_back(run);
    if (run.error_occurred) continue;
    // Without repetitions there are no aggregates, and the one run is the median.
    const bool single = run.run_type == Run::RT_Iteration && run.repetitions <= 1;
    for (const auto& [name, counter] : run.counters) {
      if (single || run.aggregate_name == "median") medians_[run.run_name.function_name][name] = counter.value;
      if (single || run.aggregate_name == kLargest) largest_[run.run_name.function_name][name] = counter.value;
    }
  }
}

void Report::Finalize() {
  for (const auto& [place, runs] : reported_) display_->ReportRuns(runs);
  display_->Finalize();
}

std::optional<double> Report::counter(const std::string& benchmark, const std::string& counter) const {
  return find(medians_, benchmark, counter);
}

std::optional<double> Report::largest(const std::string& benchmark, const std::string& counter) const {
  return find(largest_, benchmark, counter);
}

}  // namespace tp::bench
