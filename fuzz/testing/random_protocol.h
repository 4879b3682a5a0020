// Random protocols: valid, most of them wrong. A third is drawn step by step; the others are shipped ones with a few
// steps added, taken away, moved or changed, so that some mistakes are small.
#pragma once

#include <string>

#include "fuzz/sequence/random.h"

namespace tpfuzz {

/// What may be drawn.
struct RandomParts {
  /// Not all of them: then each transition has a `publish` without a condition, and `free` is right for its readers, so
  /// that no array is freed while readers can find it.
  bool frees = true;
  bool traps = false;  ///< lines `trap:`
};

/// The text of a valid protocol (core/protocol.h), called `name`. Equal states of `random` give equal texts.
std::string random_protocol(Random& random, const std::string& name, const RandomParts& parts = {});

}  // namespace tpfuzz
