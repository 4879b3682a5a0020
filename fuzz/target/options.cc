
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <tuple>

#include "fuzz/base/closest.h"
#include "fuzz/base/format.h"
#include "fuzz/sequence/input.h"
#include "fuzz/target/own.h"
#include "fuzz/target/target.h"

namespace tpfuzz {
namespace {

struct Option {
  const char* name;
  const char* what;       // its value, for messages
  const char* variable;   // hands it on to the processes that libFuzzer starts
  const char* otherwise;  // its value if nobody says
  const char* help;
};
enum { kProtocol, kIgnore, kMutator, kReaders, kFeedback, kOperations, kIterations, kBefore, kProgress };
const Option kOptions[] = {
    {"--protocol", "P", "TPFUZZ_PROTOCOL", kOwnProtocol,
     "what is fuzzed: a shipped protocol's or a puzzle's name (repro protocols), a protocol file, or kernel:DIR; also "
     "--subject"},
    {"--ignore", "TOKEN", "TPFUZZ_IGNORE", "", "go on past this violation, a DEDUP_TOKEN; may be repeated"},
    {"--mutator", "sequences|bytes", "TPFUZZ_MUTATOR", "sequences",
     "what is changed: operations, probes and parks, or libFuzzer's bytes"},
    {"--readers", "ordinary|both", "TPFUZZ_READERS", kOwnReaders,
     "whose hits there are; both: some tracepoints are declared faultable. A file is run, whatever it declares"},
    {"--feedback", "interleavings|coverage", "TPFUZZ_FEEDBACK", "interleavings",
     "what is new: interleavings, too, or code coverage alone"},
    {"--operations", "0..16", "TPFUZZ_OPERATIONS", "0", "draw free sequences of so many operations; 0: of any shape"},
    {"--iterations", "1..1000000", "TPFUZZ_ITERATIONS", "50", "stress_fuzzer: runs of each input"},
    {"--before", "DIR", "TPFUZZ_BEFORE", "",
     "write the inputs that ran before the one that it dies of into DIR, which is made: 64 at most"},
    {"--progress", "FILE", "TPFUZZ_PROGRESS", "",
     "count executions and interleavings in FILE, which processes share (repro progress)"},
};
constexpr const char* kSubject = "--subject";  // another name of --protocol
using Values = std::array<std::string, std::size(kOptions)>;

// The protocol of this target. A relative kernel tree lies beside the program: a cluster's target brings it.
std::string own_protocol() {
  constexpr std::string_view kTree = "kernel:";
  const std::string_view its = kOwnProtocol;
  if (!its.starts_with(kTree)) return std::string(its);
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return formatted("{}{}", kTree, (program.parent_path() / its.substr(kTree.size())).string());
}

Values inherited_values() {
  Values values;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const char* value = std::getenv(kOptions[i].variable);
    values[i] = value != nullptr ? value : i == kProtocol ? own_protocol() : kOptions[i].otherwise;
  }
  return values;
}

// The value of the option `name` at `argv[i]`, as `--name value` or `--name=value`; `i` moves over what it took.
const char* option_value(const char* name, int argc, char** argv, int& i) {
  const std::size_t length = std::strlen(name);
  if (std::strncmp(argv[i], name, length) != 0) return nullptr;
  if (argv[i][length] == '=') return argv[i] + length + 1;
  return argv[i][length] == '\0' && i + 1 < argc ? argv[++i] : nullptr;
}

bool is_file(const char* argument) {
  std::error_code error;
  return argument[0] != '-' && std::filesystem::is_regular_file(argument, error);
}

// What is wrong with an input on the command line, if something is: libFuzzer would stop at a missing one with an exit
// code of its own, and run a file that is no sequence as if it were one.
std::vector<Error> mistakes_in(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) return {};
  std::ifstream file(path, std::ios::binary);
  if (!file) return {{0, formatted("expected a corpus directory or a sequence file: {}", std::strerror(errno)), path}};
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  const auto parsed = parse_file(bytes);
  const auto* mistake = std::get_if<Error>(&parsed);
  if (mistake == nullptr) return {};
  return in_file(mistakes_in_file(bytes, *mistake), path);
}

// Takes the option at `argv[i]`, if it is one of ours.
bool take_option(int argc, char** argv, int& i, Values& values) {
  for (std::size_t option = 0; option < values.size(); ++option) {
    const char* value = option_value(kOptions[option].name, argc, argv, i);
    if (value == nullptr && option == kProtocol) value = option_value(kSubject, argc, argv, i);
    if (value != nullptr) {
      const bool adds = option == kIgnore && !values[option].empty();
      values[option] = adds ? values[option] + ',' + value : value;
      return true;
    }
  }
  return false;
}

std::string expected_options() {
  std::string all;
  for (const Option& option : kOptions)
    all += formatted("{}'{} {}'", all.empty() ? "" : ", ", option.name, option.what);
  return all;
}

std::string did_you_mean_option(std::string_view argument) {
  std::vector<std::string_view> names;
  for (const Option& option : kOptions) names.emplace_back(option.name);
  return did_you_mean(argument.substr(0, argument.find('=')), names);
}

std::vector<Error> wrong_value(int option, const std::string& value) {
  return {{0, formatted("{}: expected {}, found '{}'", kOptions[option].name, kOptions[option].what, value)}};
}

std::set<std::string> split(std::string_view list) {
  std::set<std::string> parts;
  while (!list.empty()) {
    const std::string_view part = list.substr(0, list.find(','));
    parts.emplace(part);
    list.remove_prefix(std::min(list.size(), part.size() + 1));
  }
  return parts;
}

std::optional<int> number(const std::string& text, int lowest, int highest) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < lowest || value > highest)
    return std::nullopt;
  return value;
}

std::variant<TargetOptions, std::vector<Error>> parse(const Values& values) {
  for (const auto& [option, one, other] : {std::tuple{kMutator, "sequences", "bytes"},
                                           {kReaders, "ordinary", "both"},
                                           {kFeedback, "interleavings", "coverage"}})
    if (values[option] != one && values[option] != other) return wrong_value(option, values[option]);
  const auto operations = number(values[kOperations], 0, 16);
  if (!operations) return wrong_value(kOperations, values[kOperations]);
  const auto iterations = number(values[kIterations], 1, 1'000'000);
  if (!iterations) return wrong_value(kIterations, values[kIterations]);
  return TargetOptions{values[kProtocol],
                       split(values[kIgnore]),
                       values[kMutator] == "bytes",
                       values[kReaders] == "both",
                       values[kFeedback] == "interleavings",
                       *operations,
                       *iterations,
                       values[kBefore],
                       false,
                       values[kProgress]};
}

}  // namespace

std::string options_help() {
  std::string text;
  for (const Option& option : kOptions) {
    text += formatted("  {:<36} {}", formatted("{} {}", option.name, option.what), option.help);
    text += *option.otherwise != '\0' ? formatted("; default {}\n", option.otherwise) : "\n";
  }
  return text;
}

std::variant<TargetOptions, std::vector<Error>> take_options(int& argc, char** argv) {
  Values values = inherited_values();
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    char* const argument = argv[i];
    if (take_option(argc, argv, i, values)) continue;
    if (std::strncmp(argument, "--", 2) == 0)  // libFuzzer would ignore it
      return std::vector{Error{0, formatted("{}: expected {} (libFuzzer's own flags: -help=1){}", argument,
                                            expected_options(), did_you_mean_option(argument))}};
    argv[kept++] = argument;
  }
  argc = kept;
  argv[argc] = nullptr;
  for (int i = 1; i < argc; ++i)
    if (argv[i][0] != '-')
      if (auto mistakes = mistakes_in(argv[i]); !mistakes.empty()) return mistakes;
  auto options = parse(values);
  if (auto* taken = std::get_if<TargetOptions>(&options)) {
    taken->replays = std::any_of(argv + 1, argv + argc, is_file);
    for (std::size_t i = 0; i < values.size(); ++i) setenv(kOptions[i].variable, values[i].c_str(), 1);
  }
  return options;
}

}  // namespace tpfuzz
