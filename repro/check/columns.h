// Text in columns.
#pragma once

#include <string>
#include <vector>

namespace tpfuzz {

/// `rows` in columns, two blanks apart and two before the first; no line ends in blanks. Cells from column `right` on
/// are right-aligned.
std::string in_columns(const std::vector<std::vector<std::string>>& rows, std::size_t right = ~std::size_t{0});

}  // namespace tpfuzz
