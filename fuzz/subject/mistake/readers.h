// The read side of the tracepoints that make mistakes: each order of read_side.h as a function.
#pragma once

#include "fuzz/subject/mistake/mistaken_env.h"
#include "fuzz/subject/mistake/read_side.h"
#include "fuzz/subject/registry_subject.h"

namespace tpfuzz {

/// The call sites and the iterator of one tracepoint, by order.
struct Readers {
  tp::State<MistakenEnv>* state;
  std::array<std::array<void (*)(), kMaxSites>, kHitOrders.size()> sites;
  std::array<tp::Function, kIterateOrders.size()> iterators;
};

/// Of all tracepoints.
std::span<const Readers, kMaxTracepoints> all_readers();

}  // namespace tpfuzz
