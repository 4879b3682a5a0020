// Grace periods as a model that ends each at the earliest legal moment: when the last reader that was in a section at
// its beginning has left that section.
#pragma once

#include "fuzz/subject/host.h"

namespace tpfuzz {

class ModelRcu {
 public:
  void reset() { *this = {}; }

  /// Sections nest: the reader is inside until it has left as often as it has entered.
  void enter(int reader) {
    if (depths_[index(reader)]++ == 0) inside_.sections[index(reader)] = ++sections_[index(reader)];
  }
  void leave(int reader) {
    if (depths_[index(reader)] > 0 && --depths_[index(reader)] == 0) inside_.sections[index(reader)] = 0;
  }

  /// Whether `reader` is in a section.
  bool inside(int reader) const { return inside_.sections[index(reader)] != 0; }

  /// The grace period that begins now.
  GracePeriod begin() const { return inside_; }

  /// Whether every reader that `grace_period` waits for has left.
  bool over(const GracePeriod& grace_period) const {
    for (int reader = 0; reader < kMaxReaders; ++reader)
      if (waits_for(grace_period, reader)) return false;
    return true;
  }

  /// Whether `grace_period` still waits for `reader`.
  bool waits_for(const GracePeriod& grace_period, int reader) const {
    const std::uint32_t section = grace_period.sections[index(reader)];
    return section != 0 && section == inside_.sections[index(reader)];
  }

 private:
  static std::size_t index(int reader) { return static_cast<std::size_t>(reader); }

  GracePeriod inside_;
  std::array<std::uint32_t, kMaxReaders> sections_{};  // numbered from 1; a number is not used again
  std::array<int, kMaxReaders> depths_{};
};

}  // namespace tpfuzz
