// Protocols to choose from: for each transition the lists of steps that it may have, with what a list costs. A protocol
// of the space has one list for each transition, and one of the settings.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/protocol.h"

namespace tpfuzz {

using Steps = std::vector<tp::Step>;

/// Lists that are alike but for the order of their steps. What is tried first stands first.
struct Alike {
  long long cost = 0;
  std::vector<Steps> orders;
};

/// A protocol of which all counts but the steps.
struct Setting {
  long long cost = 0;
  tp::Protocol protocol;
};

struct ProtocolSpace {
  std::vector<Setting> settings;
  std::array<std::vector<Alike>, tp::kTransitions> choices;  ///< by tp::Transition

  /// How many protocols that are.
  double size() const;
};

/// The space that is searched for right protocols. Costs are those of step_cost.h. Each protocol has `promise: direct`:
/// a tracepoint with one probe calls it directly. A transition has
///
///   - its steps in any order: 0->1 update_call, publish, enable_key; 1->2 and 2->1 update_call, publish; N->N+1 and
///     N->N-1 publish; 1->0 disable_key, publish, with or without call_iterator
///   - no wait, or one anywhere: `synchronize`, `await changed`, and in 0->1 and 1->0 `await removed`
///   - right after publish no snapshot, or one: in 1->0 of either cookie; in all others but 0->1 of `changed`, always
///     or if first.data or first.func differs
///
/// Waits are for ordinary readers. If `for_faultable`, they are for `own`, and cookies are shared or per tracepoint.
ProtocolSpace protocol_space(bool for_faultable);

}  // namespace tpfuzz
