// benchmarks_page: adds a run of the benchmarks to their history, and writes the page of it. measure.sh calls it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "fuzz/bench/page.h"
#include "fuzz/target/whole_file.h"

namespace {

using namespace tpfuzz::bench;

// What ends the program: a line for the user, and exit code 2.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::vector<Record> read_history(const std::string& path) {
  std::vector<Record> history;
  std::ifstream file(path);
  int number = 0;
  for (std::string line; std::getline(file, line);) try {
      ++number;
      history.push_back(from_line(line));
    } catch (const nlohmann::json::exception&) {
      throw Refused(path + ":" + std::to_string(number) + ": expected a record of measure.sh");
    }
  return history;
}

void take_file(Record& record, const std::string& path) {
  std::ifstream file(path);
  try {
    take(record, nlohmann::json::parse(file));
  } catch (const std::exception&) {
    throw Refused(path + ": expected what --benchmark_format=json prints");
  }
}

void write(const std::string& path, const std::string& text) {
  tpfuzz::WholeFile file(path);
  if (file.stream() == nullptr || std::fputs(text.c_str(), file.stream()) < 0 || !file.commit())
    throw Refused(path + ": can't be written");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Adds a run of the benchmarks to their history, and writes the page of it.");
  app.name("benchmarks_page");
  std::string history_path, out;
  std::vector<std::string> results;
  Record record;
  app.add_option("--history", history_path, "The history, a record a line")->required();
  app.add_option("--add", results, "What benchmarks printed with --benchmark_format=json: one new record")
      ->check(CLI::ExistingFile);
  app.add_option("--commit", record.commit, "What was measured");
  app.add_option("--machine", record.machine, "What on");
  app.add_option("-o", out, "The page")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    std::fprintf(stderr, "benchmarks_page: %s; see benchmarks_page --help\n", error.what());
    return 2;
  }
  try {
    std::vector<Record> history = read_history(history_path);
    if (!results.empty()) {
      for (const std::string& path : results) take_file(record, path);
      history.push_back(from_line(to_line(record)));  // with the digits that the next reader sees
      std::string lines;
      for (const Record& its : history) lines += to_line(its) + "\n";
      write(history_path, lines);
    }
    if (history.empty()) throw Refused(history_path + ": expected a record");
    write(out, page(history));
  } catch (const Refused& refused) {
    std::fprintf(stderr, "benchmarks_page: %s\n", refused.what());
    return 2;
  }
  return 0;
}
