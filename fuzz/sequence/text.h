// The text form of a sequence, for people and for git.
//
//   tpfuzz 1                          the first line that is neither blank nor a comment
//   subject NAME                      what it was found under (subject_record.h); for a protocol file with its text
//   | LINE
//   tracepoint N faultable            the readers of tracepoint N are faultable (core/domain.h)
//   probe P func=N data=N|null [prio=N]    P a name; declared before it is used
//   w0|w1 register P|null
//   w0|w1 unregister P[,Q...]|null
//   w0|w1 unregister P[,Q...] tp=N, R[,S...] tp=M[, ...]    a batch over several tracepoints
//   w0|w1 sync [rcu|tasks]            waits for the readers of that domain alone; else, or with both words, for all
//   w0|w1 free P [after [rcu] [tasks]]    takes P's function and data away, after waiting for these readers, if any
//   w0|w1 key inc|dec                 a user of the tracepoint besides its probes begins to hold its key, or ends to
//   r0|r1|r2|r3 hit
//   k0 run
//
// After the operation, in any order, what it can have: prio=N tp=N site=N nested=N fail=K hook=fail
// park@POINT[#nth] EVENTS; and last `-> RESULT`. Words are parted by blanks, tabs or CR. A word that begins with '#'
// begins a comment.
//
// A name is [A-Za-z_][A-Za-z0-9_]*, at most 31 characters; not `null`. The letters a to h have slots of their own, 0 to
// 7. Any other name takes, in the order of declaration, the lowest slot whose letter no line of the file declares.
//
// Canonical text is what to_text writes: the header, the subject if one is recorded, the faultable tracepoints, the
// probes in the order of the slots that they take, the operations; one blank between words; the
// tracepoints of a batch in their order, each once; properties in the order above, parks in their own
// order; no default but a probe's prio; no comment; each line ends in a new line. Canonical text -> Sequence -> text is
// the identity. By way of the binary form it is so if all probes are called a to h; others are called by the letters of
// their slots after it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fuzz/base/error.h"
#include "fuzz/sequence/sequence.h"
#include "fuzz/sequence/subject_record.h"

namespace tpfuzz {

/// Whether bytes are meant as sequence text: their header names us. True for `tpfuzz 2` too, which parse_text refuses.
bool is_text(std::string_view bytes);

/// The sequence that `text` says, valid, or its first mistake. The lines of a subject are for find_record.
std::variant<Sequence, Error> parse_text(std::string_view text);

/// All mistakes in `text`, in the order of the lines, as far as they don't follow from each other; at most
/// kMostTextMistakes. The lines of a subject are for find_record.
std::vector<Error> mistakes_in_text(std::string_view text);
inline constexpr std::size_t kMostTextMistakes = 20;

/// The canonical text of a valid `sequence`, which was found under `subject`, if that is known.
std::string to_text(const Sequence& sequence, const std::optional<SubjectRecord>& subject = std::nullopt);

/// What operation `index` does, in canonical text without CPU, parks and expected result: "register b tp=1".
std::string operation_text(const Sequence& sequence, std::size_t index);

}  // namespace tpfuzz
