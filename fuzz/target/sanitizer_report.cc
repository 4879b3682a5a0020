#include "fuzz/target/sanitizer_report.h"

#include <algorithm>
#include <regex>

namespace tpfuzz {

std::optional<SanitizerReport> sanitizer_report(const std::string& output) {
  // The kind is what stands before an address or a process's number.
  static const std::regex kReport(
      "(?:ERROR|WARNING): (Address|Thread|Leak)Sanitizer: (?:attempting )?([A-Za-z -]+?)(?: on | \\(|:|\n)");
  std::smatch found;
  if (!std::regex_search(output, found, kReport)) {
    if (output.find("runtime error: ") == output.npos) return std::nullopt;
    return SanitizerReport{"undefined", "runtime-error"};
  }
  SanitizerReport report{found[1] == "Thread" ? "thread" : "address", found[2]};
  std::ranges::replace(report.kind, ' ', '-');
  return report;
}

}  // namespace tpfuzz
