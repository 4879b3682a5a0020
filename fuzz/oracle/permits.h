// What an execution is still permitted, as sets that only grow while it goes on: for each reader in a hit, which lists
// the hit may turn out to have called; and which probes have been registered. Of two executions that are alike in
// everything else, the one that is permitted less breaks an invariant wherever the other one does.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// Numbers for lists, in the order in which they are met. Of one exploration.
class ListNumbers {
 public:
  static constexpr std::size_t kMost = 62;

  ListNumbers() = default;
  /// With these lists, in this order. At most kMost.
  explicit ListNumbers(std::vector<std::uint64_t> lists) : lists_(std::move(lists)) {}

  /// The number of the list that calls this (History::describe); nothing if there are more lists than numbers.
  std::optional<int> of(std::uint64_t calls) {
    const auto found = std::ranges::find(lists_, calls);
    if (found == lists_.end()) {
      if (lists_.size() == kMost) return std::nullopt;
      if (frozen_) {
        missed_ = true;
        return std::nullopt;
      }
      lists_.push_back(calls);
      return static_cast<int>(lists_.size() - 1);
    }
    return static_cast<int>(found - lists_.begin());
  }

  const std::vector<std::uint64_t>& all() const { return lists_; }

  /// Whether lists that have no number get none. Whoever asks for one then has `missed` it: what was made of the answer
  /// is worth nothing.
  void freeze(bool frozen) {
    frozen_ = frozen;
    missed_ = false;
  }
  bool missed() const { return missed_; }

 private:
  std::vector<std::uint64_t> lists_;
  bool frozen_ = false;
  bool missed_ = false;
};

struct Permits {
  static constexpr int kNothing = 63;  ///< the bit of a hit that may have found the key off

  std::array<std::uint64_t, kMaxReaders> hits{};  ///< by reader: lists, a bit each
  std::uint64_t registered = 0;                   ///< slots, a bit each

  bool operator==(const Permits&) const = default;

  /// Whether `other` is permitted all of this.
  bool is_within(const Permits& other) const {
    bool within = (registered & ~other.registered) == 0;
    for (std::size_t reader = 0; reader < hits.size(); ++reader) within &= (hits[reader] & ~other.hits[reader]) == 0;
    return within;
  }
};

}  // namespace tpfuzz
