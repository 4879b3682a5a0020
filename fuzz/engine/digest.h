// 128 bits that stand for the state of an execution: two states with the same ones are the same state.
#pragma once

#include <cstdint>

namespace tpfuzz {

struct Digest {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const Digest&) const = default;
};

}  // namespace tpfuzz
