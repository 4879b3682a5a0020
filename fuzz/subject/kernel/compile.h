// Compiles the files of a tree, unmodified and out of the tree, with the shim's headers (shim/README.md) into a
// library, in the cache (cache.h): once for each content of the files, of the shim, compiler and build.
//
// A tree may be packed (fuzz/cluster/build.sh): then `.tpfuzz-BUILD` in it has what the cache would have, and nothing
// is compiled. BUILD is the sanitizer: address, thread or none.
#pragma once

#include <string>
#include <variant>

#include "fuzz/subject/kernel/tree.h"

namespace tpfuzz::kernel {

struct Compiled {
  std::string library;    ///< the file
  std::string directory;  ///< of the cache, where more can be kept about it
};

/// What is refused: no compiler (clang-19, or what TPFUZZ_KERNEL_CC names), and a tree that does not compile; the line
/// says which primitive the shim lacks, where it is used, and where to add it.
std::variant<Compiled, Error> compile(const Tree& tree, bool preempt_rt);

/// What a compiler's `output` says of a tree at `place`, as one line for a person.
std::string compile_error(const std::string& output, const std::string& place);

}  // namespace tpfuzz::kernel
