// How a libFuzzer target begins.
#pragma once

#include <memory>

#include "fuzz/subject/subject.h"
#include "fuzz/target/progress.h"
#include "fuzz/target/target.h"

namespace tpfuzz {

struct Started {
  TargetOptions options;
  std::unique_ptr<Subject> subject;
  Progress* progress = nullptr;  ///< where to count; none: nowhere
};

/// Takes our options out of the arguments, makes the process ready and loads the subject. What its user has to put
/// right ends the process: one line, exit 2; and so does --help, with `about` in it, what the target does with an
/// input: exit 0.
Started start(int& argc, char** argv, const char* about);

}  // namespace tpfuzz
