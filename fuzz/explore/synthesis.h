// Right protocols of a space, cheapest first: each that is found has been explored. What a counterexample refutes is
// every protocol with the same steps in the transitions that it makes; so few are explored.
#pragma once

#include <functional>

#include "fuzz/explore/protocol_space.h"
#include "fuzz/explore/refuter.h"

namespace tpfuzz {

struct Synthesized {
  tp::Protocol protocol;
  long long cost = 0;  ///< of its setting and its lists
};

struct SynthesisOptions {
  /// Costlier protocols are not looked at.
  long long most = 0;
  /// Whether a protocol is left out that has all the steps of one that was found, and more waits or snapshots; and one
  /// that takes a cookie for which nobody waits.
  bool minimal = true;
  /// Told of each protocol that is found; false ends the synthesis.
  std::function<bool(const Synthesized&)> found{};
};

/// Looks for protocols that `refuter` does not refute, in the order of their costs. Of those that are alike but for the
/// order of their steps, and have the same setting, one is found: the first. Protocols that await a cookie which nobody
/// takes are no candidates. Returns whether all candidates were looked at; not if
/// the refuter or `found` has stopped it.
bool synthesize(const ProtocolSpace& space, Refuter& refuter, const SynthesisOptions& options);

}  // namespace tpfuzz
