#include "fuzz/mutants/catalogue.h"

namespace tpfuzz::mutants {

std::span<const Row> rows() {
  static constexpr Row kRows[] = {
#include "mutants_table.inc"  // made by weave_mutants
  };
  return kRows;
}

}  // namespace tpfuzz::mutants
