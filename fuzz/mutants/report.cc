#include "fuzz/mutants/report.h"

#include <sys/mman.h>

#include <cstdlib>

namespace tpfuzz::mutants {

Report& inherited_report() {
  static Report* const report = [] {
    if (const char* const descriptor = std::getenv(kReportVariable)) {
      void* const shared = mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED, std::atoi(descriptor), 0);
      if (shared != MAP_FAILED) return static_cast<Report*>(shared);
    }
    return new Report;
  }();
  return *report;
}

}  // namespace tpfuzz::mutants
