// The core with mistakes as a subject: what a protocol is run on that names some, or has a read side of its own.
#pragma once

#include <memory>

#include "core/protocol.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// The lines that the harness adds to the language of protocols.
const tp::Dialect& dialect();

/// Whether the core as it is runs `protocol`, which was parsed with `dialect()`.
bool is_plain(const tp::Protocol& protocol);

/// The core running `protocol`: as it is if that is plain, else with what the protocol says is wrong. One at a time;
/// after `prepare_subjects` (prepare.h).
std::unique_ptr<Subject> subject_of(tp::Protocol protocol);

}  // namespace tpfuzz
