// Making a puzzle: the core of an Env of its own, of which one function was specialised before it is instantiated here.
#pragma once

#include "fuzz/subject/puzzle/groups.h"
#include "fuzz/subject/registry_subject.h"

namespace tpfuzz::puzzle {

/// What `puzzle` runs, under the puzzle's name.
tp::Protocol protocol_of(const Puzzle& puzzle);

/// The core under that protocol, which has the mistake.
std::unique_ptr<Subject> in_protocol(const Puzzle& puzzle);

template <class E, const TracepointRows<E>& rows>
std::unique_ptr<Subject> make(const Puzzle& puzzle) {
  return std::make_unique<RegistrySubject<E>>(rows, protocol_of(puzzle));
}

template <class Tracepoint>
void use_iterator(const Tracepoint& tracepoint, typename Tracepoint::Func* iterate) {
  auto& state = tracepoint.untyped();
  state.iterator = reinterpret_cast<tp::Function>(iterate);
  tp::static_call_init(state.call, state.call.trampoline, state.iterator);
}

}  // namespace tpfuzz::puzzle

/// Gives the tracepoints of TPFUZZ_TRACEPOINTS another iterator, instances of the function template ITERATE<tracepoint,
/// types of its arguments...>. Before `prepare_subjects` writes the calls, and after the tracepoints are defined: by
/// the order in the file.
#define TPFUZZ_ITERATOR(PREFIX, ITERATE)                                \
  ::tpfuzz::puzzle::use_iterator(PREFIX##_0, &ITERATE<PREFIX##_0>),     \
      ::tpfuzz::puzzle::use_iterator(PREFIX##_1, &ITERATE<PREFIX##_1>), \
      ::tpfuzz::puzzle::use_iterator(PREFIX##_2, &ITERATE<PREFIX##_2>), \
      ::tpfuzz::puzzle::use_iterator(PREFIX##_3, &ITERATE<PREFIX##_3>)
