// LTTng-UST's tracepoints as a subject: the same kernel design, gone its own way, driven through its exported functions
// and its own call sites. Built if the library is installed (Debian: liblttng-ust-dev).
//
// It publishes an array and calls through it; nothing is patched, and no static call is there. What it lacks:
//
//   priorities            the first registered is called first
//   failing allocations   they can't be made to fail from outside
//   hooks                 none
//   batches               probes of several tracepoints are removed one call after the other
//   worker                none
//   inspection            arrays and call sites are its own business: `quiescent`, `text` and `patch-order` see nothing
//   points in a pass      a reader can be delayed before its array is loaded and in a probe, not in between
//
// ThreadSanitizer does not see its arrays, as the library is not instrumented; it sees the probes' functions and data.
//
// Its grace periods are its own copy of liburcu's. So that an engine can delay readers, a pass is a section of the
// Host, too, `sync` and each removal wait for the Host's grace period, and LTTng-UST's own wait is left for the end of
// the execution, when nobody is inside.
#pragma once

#include <memory>
#include <string_view>

#include "fuzz/subject/subject.h"

namespace tpfuzz {

inline constexpr std::string_view kLttngUst = "lttng-ust";

/// The order in which LTTng-UST 2.13 registers, as a protocol: for explanations.
inline constexpr std::string_view kLttngUstProtocol =
    "protocol lttng-ust\n"
    "0->1:   publish; enable_key\n"
    "1->2:   publish\n"
    "N->N+1: publish\n"
    "N->N-1: publish; synchronize\n"
    "2->1:   publish; synchronize\n"
    "1->0:   disable_key; publish; synchronize\n";

/// One at a time in a process; after `prepare_subjects` (prepare.h).
std::unique_ptr<Subject> lttng_ust_subject();

}  // namespace tpfuzz
