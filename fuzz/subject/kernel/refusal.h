// Why something about a tree could not be done: one line for a person.
#pragma once

#include <string>
#include <variant>

namespace tpfuzz::kernel {

struct Refusal {
  std::string why;
};

template <class T>
using Or = std::variant<T, Refusal>;

}  // namespace tpfuzz::kernel
