#include "repro/session/witness.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <sstream>
#include <vector>

#include "fuzz/sequence/subject_record.h"
#include "repro/io/console.h"
#include "repro/io/file.h"
#include "repro/io/output.h"
#include "repro/io/process.h"
#include "repro/session/fresh.h"
#include "repro/session/json.h"
#include "repro/session/verdict_record.h"

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

// What this program prints with `arguments`; nothing if it has told what is wrong. Its remarks, its progress and its
// errors are ours.
std::optional<std::string> printed(std::vector<std::string> arguments, bool interruptible) {
  arguments.insert(arguments.begin(), fs::read_symlink("/proc/self/exe").string());
  if (console::is_quiet()) arguments.emplace_back("--quiet");
  const Memory out;
  const Program program{.arguments = tied(std::move(arguments)),
                        .out = out.descriptor(),
                        .err = STDERR_FILENO,
                        .interruptible = interruptible};
  if (wait_for(start(program)) != 0) return std::nullopt;
  return out.text();
}

std::optional<VerdictRecord> minimized(const WitnessOptions& options, const std::string& output) {
  std::vector<std::string> arguments = {"minimize", "--json", options.file, "-o", output};
  if (!options.protocol.empty()) arguments.insert(arguments.end(), {"--protocol", options.protocol});
  if (options.seconds > 0) arguments.insert(arguments.end(), {"--timeout", fmt::format("{}", options.seconds)});
  const auto said = printed(std::move(arguments), true);
  if (!said) return std::nullopt;
  return parse_record(*said);
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
  std::optional<VerdictRecord> record = minimized(options, partial.file);
  if (!record) return 2;
  // What ends in a sanitizer's report can't be drawn.
  const auto comment = is_report(record->line) ? record->line + '\n' : printed({"show", partial.file}, false);
  if (!comment) return 2;
  const auto bytes = read_bytes(partial.file);
  const std::string text = with_comment({bytes.begin(), bytes.end()}, *comment);
  const bool follows = options.output.empty();  // the text, what is told of it
  if (!follows) write_output(options.output, text);
  record->file = is_standard_output(options.output) ? "" : options.output;
  tell_of_output(options.output, options.json ? to_line(*record, follows ? text : "") : record->line);
  if (follows && !options.json) write_output(options.output, text);
  return 0;
}

}  // namespace tpfuzz
