#include "repro/litmus.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/native_env.h"
#include "fuzz/base/closest.h"
#include "fuzz/litmus/litmus.h"
#include "repro/io/file.h"
#include "repro/io/status_line.h"

namespace tpfuzz {
namespace {

using litmus::Counts;
using litmus::Law;
using litmus::Observation;
using litmus::Pair;
using litmus::Test;
using litmus::Value;

void print(const std::string& text) { std::fputs(text.c_str(), stdout); }

std::string_view name_of(Law law) { return law == Law::forbidden ? "forbidden" : "allowed"; }

// Calls `visit(first, second, count)` for each state that was seen.
template <class Visit>
void each_state(const Counts& counts, Visit visit) {
  for (std::size_t first = 0; first < counts.size(); ++first)
    for (std::size_t second = 0; second < counts[first].size(); ++second)
      if (counts[first][second] > 0)
        visit(static_cast<Value>(first), static_cast<Value>(second), counts[first][second]);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

// The two programs in columns.
std::string programs(const Test& test) {
  const std::vector<std::string> left = lines_of(test.text[0]);
  const std::vector<std::string> right = lines_of(test.text[1]);
  std::string text = fmt::format(" {:<34} | {:<34} ;\n", "P0", "P1");
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i)
    text += fmt::format(" {:<34} | {:<34} ;\n", i < left.size() ? left[i] : "", i < right.size() ? right[i] : "");
  return text;
}

std::string state(const Test& test, Value first, Value second) {
  std::string text;
  for (const auto& [seen, value] : {std::pair(test.registers[0], first), std::pair(test.registers[1], second)})
    if (!seen.name.empty()) text += fmt::format(" {}={};", seen.name, to_text(seen, value));
  return text;
}

std::string condition(const Test& test) {
  return fmt::format("{}exists ({})", test.law == Law::forbidden ? "~" : "", test.condition);
}

std::string observation(const Test& test, const Observation& seen) {
  return fmt::format("Observation {} {} {} {}", test.name, how_often(seen), seen.positive, seen.negative);
}

// As litmus tools print it.
std::string block(const Test& test, const Observation& seen) {
  std::string states;
  int number = 0;
  each_state(seen.counts, [&](Value first, Value second, long count) {
    ++number;
    states += fmt::format("{:<10}{}>{}\n", count, test.holds(first, second) ? '*' : ':', state(test, first, second));
  });
  const bool validated = (seen.positive > 0) == (test.law == Law::allowed);
  return fmt::format("Test {} {}: {}\n{}Histogram ({} states)\n{}Condition {} is {}validated\n{}\n\n", test.name,
                     name_of(test.law), test.reason, programs(test), number, states, condition(test),
                     validated ? "" : "NOT ", observation(test, seen));
}

nlohmann::ordered_json json_of(const Test& test, const Observation& seen) {
  auto states = nlohmann::ordered_json::array();
  each_state(seen.counts, [&](Value first, Value second, long count) {
    nlohmann::ordered_json object = nlohmann::ordered_json::object();
    for (const auto& [reg, value] : {std::pair(test.registers[0], first), std::pair(test.registers[1], second)})
      if (!reg.name.empty()) object[std::string(reg.name)] = to_text(reg, value);
    object["count"] = count;
    object["interesting"] = test.holds(first, second);
    states.push_back(object);
  });
  return {{"test", test.name},
          {"law", name_of(test.law)},
          {"reason", test.reason},
          {"condition", condition(test)},
          {"runs", seen.positive + seen.negative},
          {"states", states},
          {"observation", how_often(seen)},
          {"positive", seen.positive},
          {"negative", seen.negative}};
}

std::string row(const Test& test, const Observation& seen) {
  return fmt::format("{:<29} {:<42} {:<10} {:<10} {:>10} of {}\n", test.name, test.condition, name_of(test.law),
                     how_often(seen), seen.positive, seen.positive + seen.negative);
}

int list(bool json) {
  for (const Test& test : litmus::tests())
    if (json)
      print(
          nlohmann::ordered_json{
              {"test", test.name}, {"law", name_of(test.law)}, {"reason", test.reason}, {"condition", condition(test)}}
              .dump() +
          "\n");
    else
      print(fmt::format("{:<29} {:<42} {:<10} {}\n", test.name, test.condition, name_of(test.law), test.reason));
  return 0;
}

std::vector<std::string_view> test_names() {
  std::vector<std::string_view> names;
  for (const Test& test : litmus::tests()) names.emplace_back(test.name);
  return names;
}

std::vector<const Test*> chosen(const std::vector<std::string>& names) {
  std::vector<const Test*> tests;
  for (const std::string& name : names) {
    tests.push_back(litmus::test_named(name));
    if (tests.back() == nullptr)
      throw InputError(
          fmt::format("{}: expected a name of repro litmus --list{}", name, did_you_mean(name, test_names())));
  }
  if (names.empty())
    for (const Test& test : litmus::tests()) tests.push_back(&test);
  return tests;
}

Pair two_cpus(const std::vector<int>& usable) {
  const auto pair = litmus::pair_of(usable);
  if (!pair) throw InputError("repro litmus: expected two cores, may use one: it can tell nothing");
  return *pair;
}

}  // namespace

int run_litmus(const LitmusOptions& options) {
  if (options.list) return list(options.json);
  const std::vector<const Test*> tests = chosen(options.tests);
  const std::vector<int> usable = litmus::usable_cpus();
  const Pair pair = two_cpus(usable);
  if (const auto error = tp::NativeEnv::prepare()) throw InputError(*error);

  const std::string processor = litmus::processor();
  if (!options.json)
    print(fmt::format("Processor {}\nCPUs {} usable; P0 on {}, P1 on {}{}; seed={}\n\n", processor, usable.size(),
                      pair.cpus[0], pair.cpus[1], pair.one_core ? ", threads of one core" : "", options.seed));
  bool violated = false;
  std::string table;
  StatusLine status;
  for (const Test* test : tests) {
    status.show([&] { return fmt::format("litmus: {}", test->name); });
    const auto outcome = litmus::run(*test, options.runs > 0 ? options.runs : test->default_runs, options.seed, pair);
    if (const auto* error = std::get_if<Error>(&outcome)) throw InputError(*error);
    const auto& seen = std::get<Observation>(outcome);
    violated |= violates(*test, seen);
    status.clear();
    if (options.json) {
      nlohmann::ordered_json object = json_of(*test, seen);
      object.update({{"processor", processor},
                     {"usable_cpus", usable.size()},
                     {"cpus", pair.cpus},
                     {"one_core", pair.one_core},
                     {"seed", options.seed}});
      print(object.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    } else {
      print(block(*test, seen));
      table += row(*test, seen);
    }
  }
  print(table);
  return violated ? 1 : 0;
}

}  // namespace tpfuzz
