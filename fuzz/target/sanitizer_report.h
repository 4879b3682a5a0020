// A sanitizer's report in what a process has said.
#pragma once

#include <optional>
#include <string>

namespace tpfuzz {

struct SanitizerReport {
  std::string sanitizer;  ///< "address", "thread" or "undefined"
  std::string kind;       ///< "heap-use-after-free", "data-race", "runtime-error", ...
};

/// The first report in `output`; nothing if there is none.
std::optional<SanitizerReport> sanitizer_report(const std::string& output);

}  // namespace tpfuzz
