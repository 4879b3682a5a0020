#include "fuzz/bench/record.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <set>
#include <utility>

namespace tpfuzz::bench {
namespace {

using nlohmann::json;

std::string without_suffixes(std::string name) {
  for (const char* suffix : {"/iterations:", "/repeats:", "/real_time", "/manual_time"})
    if (const auto at = name.find(suffix); at != std::string::npos) name.resize(at);
  return name;
}

double seconds_in(const std::string& unit) {
  static const std::map<std::string, double> units = {{"ns", 1e-9}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}};
  return units.at(unit);
}

// The keys of a benchmark in the library's format that are no counters.
bool is_counter(const std::string& key, const json& value) {
  static const std::set<std::string> others = {"family_index", "per_family_instance_index",
                                               "repetitions",  "repetition_index",
                                               "threads",      "iterations",
                                               "real_time",    "cpu_time"};
  return value.is_number() && !others.contains(key);
}

json rounded(double value) { return json::parse(fmt::format("{:.4g}", value)); }

}  // namespace

std::optional<double> Record::median(const std::string& key) const {
  const auto found = values.find(key);
  return found == values.end() ? std::nullopt : std::optional(found->second.median);
}

void take(Record& record, const json& results) {
  record.date = results.at("context").at("date").get<std::string>().substr(0, 10);
  for (const json& result : results.at("benchmarks")) {
    const std::string aggregate = result.value("aggregate_name", "");
    if (aggregate != "median" && aggregate != "cv") continue;
    const std::string name = without_suffixes(result.at("run_name"));
    const auto note = [&](const std::string& value, double figure) {
      Measured& measured = record.values[name + " " + value];
      if (aggregate == "median")
        measured.median = figure;
      else if (!std::isnan(figure))
        measured.variation = figure;
    };
    note("time",
         result.at("real_time").get<double>() * (aggregate == "median" ? seconds_in(result.at("time_unit")) : 1));
    for (const auto& [key, value] : result.items())
      if (is_counter(key, value)) note(key, value);
  }
}

std::string to_line(const Record& record) {
  json values;
  for (const auto& [key, measured] : record.values) {
    values[key] = json::array({rounded(measured.median)});
    if (measured.variation) values[key].push_back(rounded(*measured.variation));
  }
  return json{{"date", record.date}, {"commit", record.commit}, {"machine", record.machine}, {"values", values}}.dump();
}

Record from_line(const std::string& line) {
  const json parsed = json::parse(line);
  Record record{parsed.at("date"), parsed.at("commit"), parsed.at("machine")};
  for (const auto& [key, figures] : parsed.at("values").items()) {
    Measured measured{figures.at(0), {}};
    if (figures.size() > 1) measured.variation = figures.at(1);
    record.values[key] = measured;
  }
  return record;
}

}  // namespace tpfuzz::bench
