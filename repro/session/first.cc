#include "repro/session/first.h"

#include <filesystem>

#include "repro/session/take.h"

namespace tpfuzz {

namespace fs = std::filesystem;

void take_first(const SessionPlan& plan, Findings& findings, std::int64_t begin) {
  const std::string directory = plan.file("first-") + plan.sanitizer;
  Found found = read_found(directory + "/output", directory + "/before");
  if (!found.artifact.empty()) {
    found.artifact =
        plan.findings + '/' + fs::path(found.artifact).filename().string();  // all may have been moved meanwhile
    take_finding(plan, findings, begin, found);
  }
  std::error_code error;
  fs::remove_all(directory, error);
}

}  // namespace tpfuzz
