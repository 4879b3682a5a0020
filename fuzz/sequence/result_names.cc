#include "fuzz/sequence/result_names.h"

namespace tpfuzz {

std::string_view result_name(int result) {
  for (const ResultName& row : kResultNames)
    if (row.result == result) return row.name;
  return "?";
}

std::optional<int> result_named(std::string_view name) {
  for (const ResultName& row : kResultNames)
    if (row.name == name) return row.result;
  return std::nullopt;
}

}  // namespace tpfuzz
