// Protocols that are near another one: what a mistaken one may have meant.
#pragma once

#include "fuzz/explore/protocol_space.h"

namespace tpfuzz {

/// What a change adds to the cost of a list or a setting; what the steps cost comes after that.
inline constexpr long long kCostOfChange = 1'000'000'000'000;

/// The protocols that differ from `protocol` in a few changes: at most two of a transition, and two of the settings. A
/// change of a transition adds a step, removes one, moves one, or says another condition for one; waits and snapshots
/// that are added are for ordinary readers or, if `own`, for the tracepoint's own. A change of the settings says what
/// is right in place of what is wrong, drops a mistake, or lets tracepoints share cookies or not.
///
/// A protocol that calls a first probe directly has `promise: direct` here, so that no change takes the direct call
/// away.
ProtocolSpace repair_space(const tp::Protocol& protocol, bool own);

/// How many changes a cost of that space stands for.
constexpr int changes(long long cost) { return static_cast<int>(cost / kCostOfChange); }

}  // namespace tpfuzz
