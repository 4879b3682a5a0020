// The changes that mutate (mutate.h) draws from. Each picks at random what it changes, and returns whether the sequence
// has what it takes; if not, it has changed nothing. Operations and parks stay valid; declarations may be left to
// settle_probes (probe_set.h), expectations to the caller.
#pragma once

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

// The lines, and so the schedule.

bool insert_operation(Sequence& sequence, Random& random);     ///< a drawn one (draw.h); can't if there is no room
bool duplicate_operation(Sequence& sequence, Random& random);  ///< a copy anywhere
bool remove_operation(Sequence& sequence, Random& random);     ///< can't only if there is none
bool swap_neighbours(Sequence& sequence, Random& random);      ///< two lines that follow each other
bool move_operation(Sequence& sequence, Random& random);       ///< a line to another place

// The delays.

bool add_park(Sequence& sequence, Random& random);           ///< a drawn one, anywhere among those of an operation
bool remove_park(Sequence& sequence, Random& random);        ///< any one
bool change_park_point(Sequence& sequence, Random& random);  ///< another point of the same operation
bool nudge_park_nth(Sequence& sequence, Random& random);     ///< one passing earlier or later
bool nudge_park_events(Sequence& sequence, Random& random);  ///< one event shorter or longer

// What one operation does.

bool change_cpu(Sequence& sequence, Random& random);          ///< another CPU of the same kind
bool change_verb(Sequence& sequence, Random& random);         ///< register to unregister, or back
bool change_named_probe(Sequence& sequence, Random& random);  ///< another probe, NULL, or one more or less of a batch
bool change_batch(Sequence& sequence, Random& random);        ///< one probe more or less of a further tracepoint
bool change_property(Sequence& sequence, Random& random);     ///< sets one that is the default, or takes it back

// The declarations.

bool change_declaration(Sequence& sequence, Random& random);         ///< a probe's func, data or priority
bool remove_unused_declaration(Sequence& sequence, Random& random);  ///< of a probe that no operation names

}  // namespace tpfuzz
