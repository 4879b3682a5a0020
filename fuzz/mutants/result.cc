#include "fuzz/mutants/result.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "fuzz/mutants/catalogue.h"
#include "fuzz/subject/sanitizer.h"

namespace tpfuzz::mutants {
namespace {

const Row* row_named(const std::string& name) {
  const auto all = rows();
  const auto found = std::ranges::find(all, name, &Row::name);
  return found != all.end() ? &*found : nullptr;
}

std::string build_of(std::string_view sanitizer) {
  return sanitizer == "thread" ? "tsan" : sanitizer == "address" ? "asan" : "release";
}

// A mutant, and what each build found.
struct Judged {
  const Row* row;
  std::map<std::string, Finding> by_build;

  bool found() const {
    return std::ranges::any_of(by_build, [](const auto& one) { return !one.second.finder.empty(); });
  }
  // Later than after a minute, in each build that has.
  bool late() const {
    return std::ranges::all_of(by_build,
                               [](const auto& one) { return one.second.finder.empty() || one.second.seconds > 60; });
  }
  // Why nothing has found it; empty if nothing says so.
  std::string reason() const {
    if (!row->harmless.empty()) return fmt::format("harmless: {}", row->harmless);
    if (!row->needs.empty()) return fmt::format("needs {}", row->needs);
    if (!row->only.empty() && !by_build.contains(build_of(row->only)))
      return fmt::format("only {} can find it", build_of(row->only));
    return {};
  }
};

// In the order of the catalogue; results of mutants that it does not have are left out.
std::vector<Judged> judge(const std::vector<Result>& results) {
  std::vector<Judged> all;
  for (const Row& row : rows()) {
    Judged judged{&row, {}};
    for (const Result& result : results)
      if (result.mutant == row.name) judged.by_build[result.build] = result.finding;
    if (!judged.by_build.empty()) all.push_back(judged);
  }
  return all;
}

}  // namespace

std::string_view this_sanitizer() { return kThreadSanitizer ? "thread" : kAddressSanitizer ? "address" : "none"; }

std::string this_build() { return build_of(this_sanitizer()); }

std::string to_json(const Result& result) {
  return nlohmann::json{{"mutant", result.mutant},
                        {"build", result.build},
                        {"finder", result.finding.finder},
                        {"what", result.finding.what},
                        {"executions", result.finding.executions},
                        {"seconds", result.finding.seconds}}
      .dump();
}

std::variant<std::vector<Result>, std::string> read_results(std::istream& file) {
  std::vector<Result> results;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    const auto json = nlohmann::json::parse(line, nullptr, false);
    const auto wrong = fmt::format("{}: expected a result of --json", number);
    if (!json.is_object()) return wrong;
    try {
      Result result{json.at("mutant"),
                    json.at("build"),
                    {json.at("finder"), json.at("what"), json.at("executions"), json.at("seconds")}};
      if (row_named(result.mutant) == nullptr) return fmt::format("{}: there is no mutant {}", number, result.mutant);
      results.push_back(std::move(result));
    } catch (const nlohmann::json::exception&) {
      return wrong;
    }
  }
  return results;
}

Sum sum_of(const std::vector<Result>& results) {
  Sum sum;
  for (const Judged& judged : judge(results)) {
    ++sum.mutants;
    const bool harmless = !judged.row->harmless.empty();
    if (harmless) ++sum.harmless;
    if (judged.found()) {
      if (harmless) {
        sum.wrong.emplace_back(judged.row->name);
      } else {
        ++sum.found;
        if (judged.late()) ++sum.late;
      }
    } else if (judged.reason().empty()) {
      sum.missed.emplace_back(judged.row->name);
    } else if (!harmless) {
      ++sum.explained;
    }
  }
  return sum;
}

std::string to_text(const Sum& sum) {
  const int harmful = sum.mutants - sum.harmless;
  std::string text = fmt::format(
      "{} mutants: {} found ({:.1f} % of the {} that are not harmless; {} of them after more than a minute), {} "
      "harmless, "
      "{} not found, with a reason, {} missed",
      sum.mutants, sum.found, harmful == 0 ? 100.0 : 100.0 * sum.found / harmful, harmful, sum.late, sum.harmless,
      sum.explained, sum.missed.size());
  if (!sum.missed.empty()) text += fmt::format(": {}", fmt::join(sum.missed, " "));
  if (!sum.wrong.empty()) text += fmt::format("; found, though said to be harmless: {}", fmt::join(sum.wrong, " "));
  return text;
}

std::string cell(const Finding& finding) {
  if (finding.finder.empty()) return {};
  return fmt::format("{}: {}, {}", finding.finder, finding.what, finding.executions);
}

std::string table_of(const std::vector<Result>& results) {
  std::vector<std::string> builds;
  for (const Result& result : results)
    if (std::ranges::find(builds, result.build) == builds.end()) builds.push_back(result.build);
  std::string table = "| mutant | in | what is wrong |";
  std::string rule = "|---|---|---|";
  for (const std::string& build : builds) {
    table += fmt::format(" {} |", build);
    rule += "---|";
  }
  table += " if not found |\n" + rule + "---|\n";
  for (const Judged& judged : judge(results)) {
    table += fmt::format("| `{}` | `{}` | {} |", judged.row->name, judged.row->source, judged.row->what);
    for (const std::string& build : builds) {
      const auto its = judged.by_build.find(build);
      table += fmt::format(" {} |", its == judged.by_build.end() ? "" : cell(its->second));
    }
    const std::string reason = judged.reason();
    const bool tell = !judged.found() || !judged.row->harmless.empty();
    table += fmt::format(" {} |\n", !tell ? "" : reason.empty() ? "**missed**" : reason);
  }
  return table;
}

}  // namespace tpfuzz::mutants
