// The words for an argument that is not what was passed.
#pragma once

#include <string>

namespace tpfuzz {

/// "argument 4": people count from 1.
std::string argument_words(int argument);

/// What was got as `argument` (subject/host.h): "what was passed as argument 2", "an object that was moved from", "0"
/// or "something that was not passed".
std::string got_words(int argument, int got);

}  // namespace tpfuzz
