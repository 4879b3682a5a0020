// The diagram of one execution: which steps of its recording are shown, in which lanes, with which state after each.
#pragma once

#include "core/protocol.h"
#include "fuzz/sequence/sequence.h"
#include "fuzz/subject/subject.h"
#include "repro/diagram/diagram.h"

namespace tpfuzz {

/// Plays `sequence` on `subject`, which runs `protocol`, and makes the diagram of it. What neither another CPU nor the
/// violation depends on is left out: so a reader's rcu_read_lock() and rcu_read_unlock(), both, unless somebody waits
/// for them. What the explanation of the violation speaks of is there.
Diagram diagram_of(Subject& subject, const tp::Protocol& protocol, const Sequence& sequence);

}  // namespace tpfuzz
