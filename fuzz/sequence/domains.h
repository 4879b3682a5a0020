// Domains of grace periods in a sequence: which of its tracepoints have faultable readers, and for whom its syncs and
// frees wait. What generate and mutate draw has ordinary readers alone; who wants both kinds calls these besides.
#pragma once

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// The tracepoints that operations hit or change, a bit each.
Faultable used_tracepoints(const Sequence& sequence);

/// Whether each sync and each free of `sequence` waits for the readers of all tracepoints that are used. What goes
/// wrong after another one is a mistake of the sequence, and not of the subject.
bool waits_cover_readers(const Sequence& sequence);

/// Makes it so.
void cover_readers(Sequence& sequence);

/// Makes the readers of some of the used tracepoints faultable, mostly of at least one, and those of the others
/// ordinary.
void draw_readers(Sequence& sequence, Random& random);

/// Changes the readers of one used tracepoint from one kind to the other. Returns whether there is one.
bool change_readers(Sequence& sequence, Random& random);

}  // namespace tpfuzz
