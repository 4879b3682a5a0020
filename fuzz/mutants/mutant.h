// Mutants: mistakes in the core, as data. A file of them is text, a field a line:
//
//   # a comment                      a line of its own
//   in core/text.cc                  which source the places that follow are in
//   mutant NAME: WHAT IS WRONG       begins a mutant; NAME is of small letters, digits and '-', and never changes
//   after TEXT                       optional: the place is the first one after TEXT, which is there once
//   replace TEXT                     what stands there, once in the source
//   with TEXT                        what stands there instead
//   drop STATEMENT                   short for `replace STATEMENT` with nothing
//   weave TEXT                       in place of `with`, where neither fits: stands there always, and is C++ in which
//   the
//                                    word MUTANT says whether the mutant is on
//   harmless REASON                  nothing can find it, and why
//   needs REASON                     nothing finds it today: what finding it would take
//   only thread                      only the build of ThreadSanitizer can find it; or `only address`
//   | TEXT                           goes on with the field of the line before
//
// A mutant may have several places: `replace` or `drop` begins one. Spaces, line ends and comments of the source do not
// matter to TEXT. If what is replaced ends in ';' or '}', it is a statement, else an expression.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fuzz/base/error.h"

namespace tpfuzz::mutants {

struct Place {
  int line = 0;        ///< of the file of mutants
  std::string source;  ///< "core/text.cc"
  std::string after;   ///< empty: `original` is there once
  std::string original;
  std::string replacement;  ///< empty: a statement is dropped
  bool woven_by_hand = false;
};

struct Mutant {
  std::string name;
  std::string what;
  std::string file;  ///< of mutants, where it stands
  int line = 0;
  std::vector<Place> places;
  std::string harmless;
  std::string needs;
  std::string only;  ///< "thread", "address", or empty
};

/// Adds the mutants of `text`, which is in `file`, to `mutants`. Returns nothing, or the first mistake; what was added
/// before that is then of no use.
std::variant<std::monostate, Error> read_mutants(std::string_view text, const std::string& file,
                                                 std::vector<Mutant>& mutants);

}  // namespace tpfuzz::mutants
