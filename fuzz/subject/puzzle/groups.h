// The puzzles by what is wrong in them; one file each.
#pragma once

#include <span>

#include "fuzz/subject/puzzle.h"

namespace tpfuzz::puzzle {

std::span<const Puzzle> orderings();     ///< the steps of a transition
std::span<const Puzzle> cookies();       ///< what a cookie or the worker stands for
std::span<const Puzzle> memory();        ///< when memory goes
std::span<const Puzzle> arrays();        ///< what an array lists
std::span<const Puzzle> registration();  ///< the rest of a registration
std::span<const Puzzle> patching();      ///< how text is written
std::span<const Puzzle> readers();       ///< what a hit does
std::span<const Puzzle> arguments();     ///< what a hit passes
std::span<const Puzzle> nesting();       ///< what a hit from within a probe does
std::span<const Puzzle> accesses();      ///< between two accesses to shared words
std::span<const Puzzle> writers();       ///< what one writer does while another one waits
std::span<const Puzzle> loops();         ///< what goes on for ever

}  // namespace tpfuzz::puzzle
