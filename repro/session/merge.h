// Keeps as few inputs of the corpus as have all the features of it, and of the corpora that were given.
//
//   1. libFuzzer chooses them into a fresh directory beside the corpus
//   2. those that are not there yet are moved in
//   3. only then the others go
//
// Whenever it is killed, nothing is lost.
#pragma once

#include "repro/session/findings.h"

namespace tpfuzz {

/// Tells how many there were and are. Throws InputError.
void merge_corpus(const SessionPlan& plan, const Findings& findings);

}  // namespace tpfuzz
