#include "core/bench/report.h"

#include <cmath>

namespace tpfuzz::internal::bench {
namespace {

using Values = std::map<std::string, std::map<std::string, double>>;

std::optional<double> find(const Values& values, const std::string& benchmark, const std::string& name) {
  const auto row = values.find(benchmark);
  if (row == values.end()) return {};
  const auto value = row->second.find(name);
  if (value == row->second.end()) return {};
  return value->second;
}

}  // namespace

Report::Report()
    : display_(benchmark::CreateDefaultDisplayReporter()),
      for_people_(dynamic_cast<benchmark::ConsoleReporter*>(display_.get()) != nullptr) {}

bool Report::ReportContext(const Context& context) { return display_->ReportContext(context); }

void Report::ReportRuns(const std::vector<Run>& runs) {
  for (Run run : runs) {
    std::erase_if(run.counters, [](const auto& named) { return std::isnan(named.second.value); });  // the cv of zeros
    const bool hidden = for_people_ && run.run_type == Run::RT_Aggregate && run.aggregate_name != "median" &&
                        run.aggregate_name != "cv";
    if (!hidden) reported_[{run.family_index, run.per_family_instance_index}].push_back(run);
    if (!run.error_occurred) note(run);
  }
}

void Report::note(const Run& run) {
  std::map<std::string, double> values{{kTime, run.GetAdjustedRealTime()}};
  for (const auto& [name, counter] : run.counters) values[name] = counter.value;
  // Without repetitions there are no aggregates, and the one run is the median.
  const bool single = run.run_type == Run::RT_Iteration && run.repetitions <= 1;
  if (single || run.aggregate_name == "median") medians_[run.run_name.function_name] = values;
  if (single || run.aggregate_name == kLargest) largest_[run.run_name.function_name] = values;
}

void Report::Finalize() {
  for (const auto& [place, runs] : reported_) display_->ReportRuns(runs);
  display_->Finalize();
}

std::optional<double> Report::median(const std::string& benchmark, const std::string& value) const {
  return find(medians_, benchmark, value);
}

std::optional<double> Report::largest(const std::string& benchmark, const std::string& value) const {
  return find(largest_, benchmark, value);
}

}  // namespace tpfuzz::internal::bench
