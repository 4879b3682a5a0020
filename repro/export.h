// `repro export`: a finding as a C++ regression test of its own, which needs nothing but the core.
#pragma once

#include <string>

#include "fuzz/sequence/input.h"

namespace tpfuzz {

struct ExportOptions {
  std::string file;
  std::string directory;
  std::string protocol;  ///< what --protocol says; empty: nothing
  Reading reading = Reading::careful;
};

/// Writes `directory`/NAME_test.cc, where NAME comes from the file's name, and `directory`/CMakeLists.txt, and prints
/// the source's path. Replaces only files that it has written. Returns 0. Throws InputError.
int export_test(const ExportOptions& options);

}  // namespace tpfuzz
