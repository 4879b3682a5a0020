// Making a puzzle: the core of an Env of its own, of which one function was specialised before it is instantiated here.
#pragma once

#include "fuzz/subject/puzzle/groups.h"
#include "fuzz/subject/registry_subject.h"

namespace tpfuzz::puzzle {

/// What `puzzle` runs, under the puzzle's name.
tp::Protocol protocol_of(const Puzzle& puzzle);

template <class E, const TracepointRows<E>& rows>
std::unique_ptr<Subject> make(const Puzzle& puzzle) {
  return std::make_unique<RegistrySubject<E>>(rows, protocol_of(puzzle));
}

}  // namespace tpfuzz::puzzle
