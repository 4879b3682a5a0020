// TPFUZZ_CHECK(condition): what the harness takes for granted about itself. Where TPFUZZ_CHECKS is defined (the presets
// strict, tsan and coverage) a condition that does not hold ends the process with the file, the line and the condition.
// Elsewhere the condition is compiled and never evaluated. What a subject does wrong is a finding and no check.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace tpfuzz {

[[noreturn]] inline void check_failed(const char* file, int line, const char* what) {
  std::fprintf(stderr, "%s:%d: expected %s\n", file, line, what);
  std::abort();
}

}  // namespace tpfuzz

#ifdef TPFUZZ_CHECKS
#define TPFUZZ_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::tpfuzz::check_failed(__FILE__, __LINE__, #condition))
#else
#define TPFUZZ_CHECK(condition) static_cast<void>(sizeof((condition) ? 1 : 0))
#endif
