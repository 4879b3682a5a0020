#include "repro/io/build.h"

#include "repro/commit.h"

namespace tpfuzz {

std::string_view build_commit() { return TPFUZZ_COMMIT; }

std::string_view build_compiler() {
  const std::string_view version = __VERSION__;  // Debian's Clang: "Debian Clang 19.1.7 (...)"
  return version.substr(0, version.find(" ("));
}

}  // namespace tpfuzz
