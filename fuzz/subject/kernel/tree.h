// The files of a kernel tree that are under test, and what its Makefile calls it. Of Debian's tarball they are unpacked
// into the cache (cache.h), once.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "fuzz/base/error.h"
#include "fuzz/subject/kernel/name.h"

namespace tpfuzz::kernel {

struct Tree {
  struct File {
    std::string name;  ///< in the tree: "kernel/tracepoint.c"
    std::string text;
  };
  std::string place;    ///< the directory or the tarball
  std::string release;  ///< "linux-6.1.192"; without a Makefile, after the directory: "linux-NAME"
  std::vector<File> files;
};

/// The tracepoint code of a tree.
inline constexpr const char* kTracepointFile = "kernel/tracepoint.c";

/// Reads the tree. What is refused: a place that can't be read, that has not the file, or whose name has blanks.
std::variant<Tree, Error> read_tree(const Name& name);

}  // namespace tpfuzz::kernel
