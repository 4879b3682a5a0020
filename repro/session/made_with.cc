#include "repro/session/made_with.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <fstream>

#include "fuzz/base/version.h"

namespace tpfuzz {
namespace {

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) {
      const std::size_t colon = line.find(": ");
      if (colon != line.npos) return line.substr(colon + 2);
    }
  return "unknown";
}

std::string kernel() {
  utsname name{};
  if (uname(&name) != 0) return "unknown";
  return fmt::format("{} {} {}", name.sysname, name.release, name.machine);
}

}  // namespace

MadeWith made_here() {
  return {.commit = version_commit(), .compiler = version_compiler(), .processor = processor(), .kernel = kernel()};
}

}  // namespace tpfuzz
