#include "fuzz/base/version.h"

#include <algorithm>
#include <string_view>

#include "commit.h"  // generated: kCommit

namespace tpfuzz {

std::string version_number() { return TPFUZZ_VERSION; }

std::string version_commit() { return kCommit; }

std::string version_compiler() {
  std::string version = __VERSION__;  // of clang: "Debian Clang 19.1.7 (...)"
#ifdef __clang_version__
  version = "clang " __clang_version__;
#endif
  version.resize(std::min(version.find(" ("), version.size()));
  while (version.ends_with(' ')) version.pop_back();
  return version;
}

std::string version_line() {
  const std::string_view sanitizer = TPFUZZ_SANITIZER_OF_BUILD;
  const std::string ending = sanitizer == "none" ? "no sanitizer" : std::string(sanitizer) + " sanitizer";
  return "tpfuzz " + version_number() + ", commit " + version_commit() + ", " + version_compiler() + ", " + ending;
}

}  // namespace tpfuzz
