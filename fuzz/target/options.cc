#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

#include "fuzz/sequence/text.h"
#include "fuzz/target/target.h"

#ifndef TPFUZZ_TARGET_PROTOCOL
#define TPFUZZ_TARGET_PROTOCOL "cookies"
#endif

namespace tpfuzz {
namespace {

constexpr const char* kProtocolVariable = "TPFUZZ_PROTOCOL";
constexpr const char* kIgnoreVariable = "TPFUZZ_IGNORE";

std::string environment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : otherwise;
}

// The value of the option `name` at `argv[i]`, as `--name value` or `--name=value`; `i` moves over what it took.
const char* option_value(const char* name, int argc, char** argv, int& i) {
  const std::size_t length = std::strlen(name);
  if (std::strncmp(argv[i], name, length) != 0) return nullptr;
  if (argv[i][length] == '=') return argv[i] + length + 1;
  return argv[i][length] == '\0' && i + 1 < argc ? argv[++i] : nullptr;
}

// What is wrong with an input on the command line: libFuzzer would stop at a missing one with an exit code of its own,
// and run text that is no sequence as if it were one.
std::optional<std::string> mistake_in(const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return fmt::format("{}:0: expected a corpus directory or a sequence file: {}", path, std::strerror(errno));
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (!is_text(bytes)) return std::nullopt;
  const auto parsed = parse_text(bytes);
  const auto* mistake = std::get_if<Error>(&parsed);
  if (mistake == nullptr) return std::nullopt;
  return fmt::format("{}:{}: {}", path, mistake->line, mistake->message);
}

}  // namespace

std::variant<TargetOptions, std::string> take_options(int& argc, char** argv) {
  std::string protocol = environment(kProtocolVariable, TPFUZZ_TARGET_PROTOCOL);
  std::string ignored = environment(kIgnoreVariable, "");
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    char* const argument = argv[i];
    if (const char* name = option_value("--protocol", argc, argv, i))
      protocol = name;
    else if (const char* token = option_value("--ignore", argc, argv, i))
      ignored += (ignored.empty() ? "" : ",") + std::string(token);
    else if (std::strncmp(argument, "--", 2) == 0)  // libFuzzer would ignore it
      return fmt::format("{}: expected '--protocol P' or '--ignore TOKEN' (libFuzzer's own flags: -help=1)", argument);
    else
      argv[kept++] = argument;
  }
  argc = kept;
  argv[argc] = nullptr;
  for (int i = 1; i < argc; ++i)
    if (argv[i][0] != '-')
      if (auto mistake = mistake_in(argv[i])) return std::move(*mistake);

  TargetOptions options{protocol, {}};
  for (std::string_view rest = ignored; !rest.empty();) {
    const std::string_view token = rest.substr(0, rest.find(','));
    options.ignored.emplace(token);
    rest.remove_prefix(std::min(rest.size(), token.size() + 1));
  }
  setenv(kProtocolVariable, protocol.c_str(), 1);
  setenv(kIgnoreVariable, ignored.c_str(), 1);
  return options;
}

}  // namespace tpfuzz
