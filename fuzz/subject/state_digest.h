// Takes in what the state of an execution means: whatever can make a difference to what comes. Two states whose digests
// are alike go on alike. Numbers that only tell when something happened, and addresses of the subject's memory, mean
// nothing: what they lead to is taken in instead.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

#include "fuzz/subject/host.h"

namespace tpfuzz {

/// What a digest is of, in parts: for a test that leaves one out.
enum class DigestPart : std::uint8_t {
  sections,  ///< who is inside
  subject,
  funcs,
  key,
  call,
  cookies,
  text,
  worker,
  traps,
  operations,  ///< that CPUs are in the middle of
  waits,
  stacks,
  mutexes,
  objects,   ///< of the probes
  blocks,    ///< of memory
  versions,  ///< that a tracepoint has had, to the oracle
  hits,
  plans,  ///< of changes
  begun,  ///< how many operations
};
inline constexpr int kDigestParts = 19;

class StateDigest {
 public:
  /// Leaves out `without`, if that is one.
  explicit StateDigest(std::optional<DigestPart> without = {}) : without_(without) {}
  virtual ~StateDigest() = default;

  /// What comes is of `part`, until this is called again.
  void begin(DigestPart part) { left_out_ = without_ == part; }

  void word(std::uint64_t value) {
    if (!left_out_) [[likely]]
      words_.push_back(value);
  }

  /// The bytes of a value that has no padding and no addresses.
  template <class T>
    requires std::is_trivially_copyable_v<T> && (sizeof(T) % sizeof(std::uint64_t) == 0)
  void value(const T& value) {
    if (left_out_) return;
    const auto words = std::bit_cast<std::array<std::uint64_t, sizeof(T) / sizeof(std::uint64_t)>>(value);
    words_.insert(words_.end(), words.begin(), words.end());
  }

  /// Values that mostly are small, eight to a word. Those that need more than a byte follow on the word.
  template <class T, std::size_t size>
  void numbers(const std::array<T, size>& values) {
    for (std::size_t begin = 0; begin < size; begin += 8) {
      const auto eight = std::span(values).subspan(begin, std::min<std::size_t>(size - begin, 8));
      std::uint64_t packed = 0;
      bool all_small = true;
      for (const T& value : eight) {
        const auto number = static_cast<std::uint64_t>(value);
        packed = packed << 8 | std::min(number, kLarge);
        all_small &= number < kLarge;
      }
      word(packed);
      if (all_small) [[likely]]
        continue;
      for (const T& value : eight)
        if (const auto number = static_cast<std::uint64_t>(value); number >= kLarge) word(number);
    }
  }

  /// A word that may be an address of the subject's memory: then the block that it leads to is taken in, too.
  virtual void pointer(std::uint64_t value) = 0;
  void pointer(const void* value) { pointer(reinterpret_cast<std::uint64_t>(value)); }

  /// Which readers `grace_period` still waits for.
  virtual void grace_period(const GracePeriod& grace_period) = 0;

  /// From now on the words from `first` on, as many as there are `cookies`, stand for these cookies, wherever such a
  /// word is met: on a stack, too. Of a cookie that is met is taken in which readers its grace period still waits for,
  /// and which of the cookies that are met are older. `cookies` outlive the digest, and are given once.
  virtual void cookies(std::uint64_t first, std::span<const GracePeriod> cookies) = 0;

 protected:
  static constexpr std::uint64_t kLarge = 0xff;

  bool left_out() const { return left_out_; }

  // Room enough for most: nothing is allocated.
  boost::container::small_vector<std::uint64_t, 768> words_;

 private:
  std::optional<DigestPart> without_;
  bool left_out_ = false;
};

}  // namespace tpfuzz
