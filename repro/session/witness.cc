#include "repro/session/witness.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <sstream>
#include <vector>

#include "fuzz/sequence/subject_record.h"
#include "repro/io/file.h"
#include "repro/io/output.h"
#include "repro/io/process.h"
#include "repro/session/fresh.h"

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

// A file that is gone with this.
struct Partial {
  explicit Partial(const fs::path& output)
      : file(((is_standard_output(output) ? fs::temp_directory_path() : output.parent_path()) /
              fmt::format(".{}.{}.minimal", output.filename().string(), getpid()))
                 .string()) {}
  ~Partial() {
    std::error_code error;
    fs::remove(file, error);
  }
  Partial(const Partial&) = delete;
  Partial& operator=(const Partial&) = delete;

  std::string file;
};

// What this program prints with `arguments`. Throws InputError with what it says is wrong.
std::string printed(std::vector<std::string> arguments, bool interruptible) {
  arguments.insert(arguments.begin(), fs::read_symlink("/proc/self/exe").string());
  const Memory out;
  const Memory err;
  const Program program{.arguments = tied(std::move(arguments)),
                        .out = out.descriptor(),
                        .err = err.descriptor(),
                        .interruptible = interruptible};
  if (wait_for(start(program)) == 0) return out.text();
  std::string said = err.text();
  if (said.ends_with('\n')) said.pop_back();
  throw InputError(said);
}

std::string minimized(const WitnessOptions& options, const std::string& output) {
  std::vector<std::string> arguments = {"minimize", options.file, "-o", output};
  if (!options.protocol.empty()) arguments.insert(arguments.end(), {"--protocol", options.protocol});
  if (options.seconds > 0) arguments.insert(arguments.end(), {"--timeout", fmt::format("{}", options.seconds)});
  const std::string said = printed(std::move(arguments), true);
  return said.substr(0, said.find('\n'));
}

bool is_header(const std::string& line) { return line.starts_with("tpfuzz ") || is_record_line(line); }

std::string without_blanks_behind(const std::string& line) { return line.substr(0, line.find_last_not_of(' ') + 1); }

}  // namespace

std::string with_comment(const std::string& minimal, const std::string& comment) {
  std::string header;
  std::string operations;
  std::istringstream lines(minimal);
  for (std::string line; std::getline(lines, line);) (is_header(line) ? header : operations) += line + '\n';
  std::istringstream words(comment);
  for (std::string line; std::getline(words, line);) header += without_blanks_behind("# " + line) + '\n';
  return header + operations;
}

int witness(const WitnessOptions& options) {
  std::signal(SIGINT, SIG_IGN);
  const Partial partial(options.output);
  const std::string verdict = minimized(options, partial.file);
  // What ends in a sanitizer's report can't be drawn.
  const std::string comment = is_report(verdict) ? verdict + '\n' : printed({"show", partial.file}, false);
  const auto bytes = read_bytes(partial.file);
  const std::string text = with_comment({bytes.begin(), bytes.end()}, comment);
  if (!options.output.empty()) write_output(options.output, text);
  tell_of_output(options.output, verdict);
  if (options.output.empty()) write_output(options.output, text);
  return 0;
}

}  // namespace tpfuzz
