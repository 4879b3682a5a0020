// The results of register and unregister as sequences write them: `-> 0`, `-> EEXIST`. The position in the table is the
// binary format's: append, never reorder.
#pragma once

#include <array>
#include <cerrno>
#include <optional>
#include <string_view>

namespace tpfuzz {

/// One result: what the call returns, and its name.
struct ResultName {
  int result;
  std::string_view name;
};

inline constexpr std::array<ResultName, 6> kResultNames = {{
    {0, "0"},
    {-EEXIST, "EEXIST"},
    {-ENOENT, "ENOENT"},
    {-EINVAL, "EINVAL"},
    {-ENOMEM, "ENOMEM"},
    {-EPERM, "EPERM"},  // what a refused hook returns
}};

/// The name of `result` (0 or -errno); "?" if the table does not have it.
std::string_view result_name(int result);

/// The result called `name`; nothing if there is none.
std::optional<int> result_named(std::string_view name);

}  // namespace tpfuzz
