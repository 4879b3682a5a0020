#include "fuzz/engine/avx2.h"

#include <immintrin.h>

#include <cstring>

// No flag of the file: a function of another header that is inline may become that of all files.
#pragma clang attribute push([[gnu::target("avx2")]], apply_to = function)
#define XXH_INLINE_ALL  // no library has to be linked
#define XXH_VECTOR XXH_AVX2
#include <xxhash.h>

namespace tpfuzz {

std::size_t avx2::rename(std::span<std::uint64_t> words, std::size_t at, Renaming renaming) {
  using Words [[gnu::vector_size(kAtOnce * sizeof(std::uint64_t))]] = std::uint64_t;
  using Halves [[gnu::vector_size(sizeof(Words))]] = std::uint32_t;
  const Words none{};
  for (; at + kAtOnce <= words.size(); at += kAtOnce) {
    Words some;
    std::memcpy(&some, &words[at], sizeof some);
    const Words place = some - renaming.stack.first;
    const Words renamed = place < none + renaming.stack.size ? place | renaming.name : some;
    std::memcpy(&words[at], &renamed, sizeof renamed);
    auto found = reinterpret_cast<Words>((reinterpret_cast<Halves>(some) & renaming.mask) == renaming.tag);
    for (const Range& range : renaming.others) found |= reinterpret_cast<Words>(some - range.first < none + range.size);
    if (__builtin_reduce_or(found) != 0) break;
  }
  return at;
}

Digest avx2::hash(std::span<const std::uint64_t> words) {
  const XXH128_hash_t hash = XXH3_128bits(words.data(), words.size_bytes());
  return {hash.low64, hash.high64};
}

}  // namespace tpfuzz
#pragma clang attribute pop
