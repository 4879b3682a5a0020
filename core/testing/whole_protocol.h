// The shortest protocol that parses: what the tests of files and of errors start from.
#pragma once

#include <string_view>

namespace tpfuzz::internal {

/// Line 1 is the header; the transitions are the lines from 2 on.
inline constexpr std::string_view kWhole =
    "protocol mine\n"
    "0->1: publish\n"
    "1->2: publish\n"
    "N->N+1: publish\n"
    "N->N-1: publish\n"
    "2->1: publish\n"
    "1->0: publish\n";

}  // namespace tpfuzz::internal
