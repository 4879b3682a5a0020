// What the woven core asks at every place of a mutant (weave.h): whether that mutant is on. No core source asks this
// itself.
#pragma once

namespace tpfuzz::mutants {

/// The number of the mutant that is on in this process, from 1; 0 is none. Set before any constructor of static storage
/// runs (on.cc), and never changed.
extern int active;

/// Constant expressions never see a mutant.
constexpr bool on(int mutant) { return !__builtin_is_constant_evaluated() && active == mutant; }

}  // namespace tpfuzz::mutants
