// The read side of the tracepoints that make mistakes: it takes the steps of an order of read_side.h.
#pragma once

#include "fuzz/subject/mistake/mistaken_env.h"
#include "fuzz/subject/mistake/read_side.h"
#include "fuzz/subject/registry_subject.h"

namespace tpfuzz {

/// The tracepoints, which are read by these two orders from now on. While no subject of them is there. An order without
/// the key has none to patch.
const TracepointRows<MistakenEnv>& read_by(std::size_t hit, std::size_t iterate);

}  // namespace tpfuzz
