#include "fuzz/target/process.h"

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>

namespace tpfuzz {

std::optional<std::filesystem::path> target(const std::string& preset, const std::string& name) {
  const std::filesystem::path ours = std::filesystem::read_symlink("/proc/self/exe");
  const std::filesystem::path path = ours.parent_path().parent_path().parent_path() / preset / "bin" / name;
  if (!std::filesystem::exists(path)) return std::nullopt;
  return path;
}

Ran run(const std::filesystem::path& fuzzer, const std::string& arguments) {
  Ran ran;
  const std::string command =
      "TSAN_OPTIONS=halt_on_error=1:atexit_sleep_ms=0 '" + fuzzer.string() + "' " + arguments + " 2>&1";
  std::FILE* const pipe = popen(command.c_str(), "re");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> buffer;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe))
    ran.output.append(buffer.data(), got);
  const int status = pclose(pipe);
  if (WIFEXITED(status)) ran.exit_code = WEXITSTATUS(status);
  return ran;
}

std::optional<long> number_behind(const std::string& output, const std::string& label) {
  const std::size_t at = output.find(label);
  if (at == output.npos) return std::nullopt;
  return std::strtol(output.c_str() + at + label.size(), nullptr, 10);
}

}  // namespace tpfuzz
