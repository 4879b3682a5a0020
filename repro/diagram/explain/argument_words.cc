#include "repro/diagram/explain/argument_words.h"

#include <fmt/format.h>

#include "fuzz/subject/arguments.h"

namespace tpfuzz {

std::string argument_words(int argument) { return fmt::format("argument {}", argument + 1); }

std::string got_words(int argument, int got) {
  if (got >= 0) return fmt::format("what was passed as {}", argument_words(got));
  if (got == kGotNothing) return argument == kTokenArgument ? "an object that was moved from" : "0";
  return "something that was not passed";
}

}  // namespace tpfuzz
