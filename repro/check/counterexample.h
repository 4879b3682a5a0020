// A violation as people read it: minimised, replayed in a fresh process, drawn and explained.
#pragma once

#include <string>

#include "fuzz/execute.h"
#include "repro/io/subjects.h"

namespace tpfuzz {

struct Counterexample {
  Sequence sequence;
  Violation violation;
  std::string text;         ///< the sequence with the record of its subject, as a file has it
  std::string explanation;  ///< why it is a violation
  std::string diagram;      ///< of the interleaving, with the explanation and the verdict's line
  /// What a fresh process says of `text` is the same. If not, the violation depends on what ran before in the process;
  /// then `sequence` is as it was found, and there is neither an explanation nor a diagram.
  bool alone = false;
};

/// How many registrations and unregistrations `sequence` has.
int changes_of(const Sequence& sequence);

/// The simplest sequence that shows what `found` does on the subject of `executor`. SIGINT ends the search for it with
/// the best so far. Throws InputError, in which `verb` stands, if `found` is clean.
Sequence simplest_of(Executor& executor, const Sequence& found, const Rules& rules, const std::string& verb);

/// The counterexample of `found`, which gave `violation` under `its` subject of `record`. Throws InputError.
Counterexample counterexample_of(const OpenSubject& its, const SubjectRecord& record, const Sequence& found,
                                 const Violation& violation);

}  // namespace tpfuzz
