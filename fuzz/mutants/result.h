// What came of the mutants: results as values, as JSON lines, and the table of them.
#pragma once

#include <istream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fuzz/mutants/trial.h"

namespace tpfuzz::mutants {

/// The sanitizer that this process is built with: "thread", "address" or "none"; and its build's name: "tsan", "asan"
/// or "release".
std::string_view this_sanitizer();
std::string this_build();

struct Result {
  std::string mutant;
  std::string build;
  Finding finding;
};

/// One line.
std::string to_json(const Result& result);

/// The results in a file of such lines, or what is wrong with a line, by its number.
std::variant<std::vector<Result>, std::string> read_results(std::istream& file);

/// What the results of one or more builds say of all their mutants.
struct Sum {
  int mutants = 0;
  int found = 0;
  int late = 0;  ///< found, but in more than a minute in each build that found it
  int harmless = 0;
  int explained = 0;                ///< found by nothing, and the mutant says what it takes, or in which build
  std::vector<std::string> missed;  ///< found by nothing, without a reason
  std::vector<std::string> wrong;   ///< found, though said to be harmless
};
Sum sum_of(const std::vector<Result>& results);

/// "N mutants: ...", one line without an end.
std::string to_text(const Sum& sum);

/// The table in Markdown: a row a mutant, a column a build, in the order in which the results name them.
std::string table_of(const std::vector<Result>& results);

/// A cell: what was found, by what, after how many executions. Empty if nothing was.
std::string cell(const Finding& finding);

}  // namespace tpfuzz::mutants
