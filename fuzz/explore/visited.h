// The states that an exploration has met: each by its digest, with what it was permitted (oracle/permits.h). A state
// that is permitted all that a state was which was met before, and is alike in everything else, need not be explored:
// whatever breaks an invariant after it breaks one after the other, too.
#pragma once

#include <tsl/robin_map.h>

#include <cstdint>
#include <vector>

#include "fuzz/engine/execution_digest.h"
#include "fuzz/oracle/permits.h"

namespace tpfuzz {

struct HashOfDigest {
  std::size_t operator()(const Digest& digest) const { return digest.low; }
};

class Visited {
 public:
  /// Whether the state with `digest` is to be explored; if so, it is one of those that were met from now on.
  bool add(const Digest& digest, const Permits& permits) {
    const auto next = static_cast<std::uint32_t>(next_.size());
    const auto [its, is_new] = first_.try_emplace(digest, next);
    if (!is_new) {
      for (std::uint32_t entry = its->second; entry != kEnd; entry = next_[entry])
        if (permits_[entry].is_within(permits)) return false;
      next_.push_back(its->second);
      its.value() = next;
    } else {
      next_.push_back(kEnd);
    }
    permits_.push_back(permits);
    return true;
  }

  /// The number of the state that was met before and makes this one needless: states are numbered as they are added.
  /// There is one, if `add` returns false.
  std::uint32_t instead_of(const Digest& digest, const Permits& permits) const {
    std::uint32_t entry = first_.at(digest);
    while (!permits_[entry].is_within(permits)) entry = next_[entry];
    return entry;
  }

  /// How much memory that takes, about.
  std::uint64_t bytes() const {
    return first_.bucket_count() * kBucket + next_.capacity() * sizeof next_.front() +
           permits_.capacity() * sizeof permits_.front();
  }

 private:
  static constexpr std::uint32_t kEnd = ~std::uint32_t{0};
  static constexpr std::size_t kBucket = 32;  // bytes of the table for each

  tsl::robin_map<Digest, std::uint32_t, HashOfDigest> first_;  // of the entries with this digest
  std::vector<std::uint32_t> next_;                            // of each entry: the next with the same digest
  std::vector<Permits> permits_;                               // of each entry
};

}  // namespace tpfuzz
