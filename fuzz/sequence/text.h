// The text form of a sequence, for people and for git.
//
//   tpfuzz 1                          the first line
//   probe X func=N data=N [prio=N]    X a letter, a..h; declared before it is used
//   w0|w1 register P|null
//   w0|w1 unregister P[,Q...]|null
//   w0|w1 sync
//   r0|r1|r2|r3 hit
//   k0 run
//
// After the operation, in any order, what it can have: prio=N tp=N site=N fail=K hook=fail park@POINT[#nth] EVENTS; and
// last `-> RESULT`. Words are parted by blanks, tabs or CR. A word that begins with '#' begins a comment.
//
// Canonical text is what to_text writes: the header, the probes in slot order, the operations; one blank between words;
// properties in the order above, parks in their own order; no default but a probe's prio; no comment; each line ends in
// a new line. Canonical text -> Sequence -> text is the identity, and so it is by way of the binary form.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "fuzz/sequence/error.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// Whether a file is meant as text; anything else is binary. True for `tpfuzz 2` too, which parse_text refuses.
bool is_text(std::string_view bytes);

/// The sequence that `text` says, valid, or its first mistake.
std::variant<Sequence, Error> parse_text(std::string_view text);

/// The canonical text of a valid `sequence`.
std::string to_text(const Sequence& sequence);

}  // namespace tpfuzz
