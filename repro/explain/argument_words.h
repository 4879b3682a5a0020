// The words for arguments, and for what is got in place of one.
#pragma once

#include <string>

namespace tpfuzz {

/// "argument 1", of a hit's arguments; "argument 4, an object".
std::string argument_words(int argument);

/// What was got as `argument` (subject/host.h): "what was passed as argument 2", "an object that was moved from", "0"
/// or "something that was not passed".
std::string got_words(int argument, int got);

}  // namespace tpfuzz
