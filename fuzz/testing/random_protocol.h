// Random protocols: valid, most of them wrong. A third is drawn step by step; the others are shipped ones with a few
// steps added, taken away, moved or changed, so that some mistakes are small.
#pragma once

#include <string>

#include "fuzz/sequence/random.h"

namespace tpfuzz {

/// The text of a valid protocol (core/protocol.h), called `name`. Equal states of `random` give equal texts. If
/// `always_publishes`, each transition has a `publish` without a condition: no array is freed while readers can find
/// it.
std::string random_protocol(Random& random, const std::string& name, bool always_publishes = false);

}  // namespace tpfuzz
