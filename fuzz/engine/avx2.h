// What a digest does with many words at once, on processors with AVX2. A program runs on those without, too: the caller
// asks `is_there` first. Thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "fuzz/engine/digest.h"

namespace tpfuzz::avx2 {

/// Whether this processor has AVX2.
inline bool is_there() { return __builtin_cpu_supports("avx2"); }

/// The words from `first` on, `size` of them: none if that is 0.
struct Range {
  std::uint64_t first;
  std::uint64_t size;
};

/// What the words of a stack become.
struct Renaming {
  Range stack;         ///< a word of this range: its distance from `first`, or'ed with `name`
  std::uint64_t name;  ///< greater than `size`
  /// A word of these ranges, and one with a half whose bits of `mask` are `tag`, the caller renames.
  std::array<Range, 2> others;
  std::uint32_t mask;
  std::uint32_t tag;
};

/// How many words are looked at together.
inline constexpr std::size_t kAtOnce = 4;

/// Renames the words of the stack's range from number `at` on, up to the first kAtOnce words of which the caller may
/// have to rename one, or to the last words, fewer than kAtOnce. Returns the number of the first of these.
std::size_t rename(std::span<std::uint64_t> words, std::size_t at, Renaming renaming);

/// The hash XXH3, of 128 bits.
Digest hash(std::span<const std::uint64_t> words);

}  // namespace tpfuzz::avx2
