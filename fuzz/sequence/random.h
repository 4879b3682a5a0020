// Random numbers that are the same on every machine and in every build: the seed says it all, so there is no other.
// SplitMix64: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014; constants as in
// Vigna's splitmix64.c. Not for secrets.
#pragma once

#include <cstdint>

namespace tpfuzz {

/// A stream of random numbers. Not thread-safe: one a thread.
class Random {
 public:
  /// Equal seeds give equal streams.
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

  /// The next 64 bits.
  constexpr std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
  }

  /// 0..n-1 for n in 1..2^31-1; the bias is below n / 2^32 (Lemire's multiplication without the rejection).
  constexpr int below(int n) { return static_cast<int>(((next() >> 32U) * static_cast<std::uint64_t>(n)) >> 32U); }

  /// True `numerator` times in `denominator`.
  constexpr bool chance(int numerator, int denominator) { return below(denominator) < numerator; }

 private:
  std::uint64_t state_;
};

}  // namespace tpfuzz
