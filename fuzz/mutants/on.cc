#include "fuzz/mutants/on.h"

#include <cstdlib>

#include "fuzz/mutants/report.h"

namespace tpfuzz::mutants {

constinit int active = 0;

namespace {

// 101 is the first priority that is free for programs: tracepoints are made known by static constructors, which are
// part of what a mutant may change.
[[gnu::constructor(101)]] void read_active() {
  if (const char* const number = std::getenv(kActiveVariable)) active = std::atoi(number);
}

}  // namespace
}  // namespace tpfuzz::mutants
