// The mutants of this build, as its process knows them: the rows that the weaver left, numbered as it has numbered
// them.
#pragma once

#include <span>
#include <string_view>

namespace tpfuzz::mutants {

struct Row {
  std::string_view name;
  std::string_view source;  ///< of the core
  std::string_view what;    ///< is wrong
  std::string_view harmless;
  std::string_view needs;
  std::string_view only;  ///< the one build that can find it: "thread", "address"
};

/// Mutant N is at N - 1.
std::span<const Row> rows();

}  // namespace tpfuzz::mutants
