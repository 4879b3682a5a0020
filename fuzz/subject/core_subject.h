// The core as a subject: what a protocol is run on.
#pragma once

#include <memory>

#include "core/protocol.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// The core running `protocol`. One at a time, as its tracepoints are the program's; after `prepare_subjects`
/// (prepare.h).
std::unique_ptr<Subject> core_subject(tp::Protocol protocol);

}  // namespace tpfuzz
