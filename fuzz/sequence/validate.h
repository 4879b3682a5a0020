// Whether a Sequence keeps the rules of the language. Text that breaks one is refused by parse_text with the line;
// decode, generate and mutate never break one. A value is validated after every transformation, in tests and fuzz
// builds.
//
//   probes       func, data in range, or NULL as data; no two with the same func and data; names that are names, each
//   of one slot operations   a CPU of the verb's kind; only probes that are declared; register: at most one,
//   unregister: any,
//                others: none; of further tracepoints only an unregister that names probes, and in the order of the
//                tracepoints; only the properties that the verb has, in range; a result only for register, unregister
//   parks        a point that the verb can pass; nth 1..16, events 1..255
//
// The numbers of probes, operations and parks are bounded by the type.
#pragma once

#include <optional>

#include "fuzz/base/check.h"
#include "fuzz/base/error.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// Nothing if `sequence` is valid, else what is wrong first: "operation 3: ...", counted from 1.
std::optional<Error> validate(const Sequence& sequence);

/// A check (base/check.h) that `sequence` is valid: at the end of every transformation.
inline void check_valid([[maybe_unused]] const Sequence& sequence) {
#ifdef TPFUZZ_CHECKS
  if (const auto problem = validate(sequence))
    check_failed(__FILE__, __LINE__, ("a valid sequence, found " + problem->message).c_str());
#endif
}

}  // namespace tpfuzz
