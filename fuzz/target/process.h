// Running a libFuzzer target of some build as a process, as a user does.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace tpfuzz {

/// The target `name` of the preset `preset`, whose build lies beside ours; nothing if it is not built.
std::optional<std::filesystem::path> target(const std::string& preset, const std::string& name);

struct Ran {
  int exit_code = -1;
  std::string output;  ///< both streams
};

/// Runs `fuzzer ARGUMENTS`.
Ran run(const std::filesystem::path& fuzzer, const std::string& arguments);

/// The number behind the first `label` of an output; nothing if there is none.
std::optional<long> number_behind(const std::string& output, const std::string& label);

}  // namespace tpfuzz
