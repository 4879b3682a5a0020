#include "fuzz/engine/avx2.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace tpfuzz {
namespace {

constexpr avx2::Renaming kRenaming = {.stack = {0x7f00'0000'1000, 0x1000},
                                      .name = std::uint64_t{1} << 56,
                                      .others = {{{~std::uint64_t{0xff}, 0x80}, {5, 0}}},
                                      .mask = 0xfff'00000,
                                      .tag = 0x5ec'00000};

bool is_the_callers(std::uint64_t word) {
  const auto in = [word](const avx2::Range& range) { return word - range.first < range.size; };
  const auto tagged = [](std::uint64_t half) {
    return (static_cast<std::uint32_t>(half) & kRenaming.mask) == kRenaming.tag;
  };
  return std::ranges::any_of(kRenaming.others, in) || tagged(word) || tagged(word >> 32);
}

std::uint64_t renamed(std::uint64_t word) {
  const std::uint64_t place = word - kRenaming.stack.first;
  return place < kRenaming.stack.size ? place | kRenaming.name : word;
}

class Avx2Test : public testing::Test {
 protected:
  void SetUp() override {
    if (!avx2::is_there()) GTEST_SKIP() << "the processor does not have it";
  }
  std::mt19937_64 random_{1};
};

// Most words that are special lie next to a bound.
TEST_F(Avx2Test, RenamesWhatIsItsOwnAndStopsAtWhatIsTheCallers) {
  const std::vector<std::uint64_t> special = {0x7f00'0000'0fff,
                                              0x7f00'0000'1000,
                                              0x7f00'0000'1fff,
                                              0x7f00'0000'2000,
                                              ~std::uint64_t{0x100},
                                              ~std::uint64_t{0xff},
                                              ~std::uint64_t{0x80},
                                              ~std::uint64_t{0x7f},
                                              4,
                                              5,
                                              0x5ec'00001,
                                              0x5ed'00001,
                                              std::uint64_t{0x5ec'00001} << 32,
                                              std::uint64_t{0x5eb'fffff} << 32};
  for (int round = 0; round < 10'000; ++round) {
    std::vector<std::uint64_t> words(random_() % 40);
    for (std::uint64_t& word : words)
      word = random_() % 8 == 0 ? special[random_() % special.size()] : random_() >> random_() % 64;
    const std::vector<std::uint64_t> before = words;
    const auto is_one_of_four = [&](std::size_t at) {
      return std::ranges::any_of(std::span(before).subspan(at, avx2::kAtOnce), is_the_callers);
    };
    std::size_t stops = 0;
    while (stops + avx2::kAtOnce <= words.size() && !is_one_of_four(stops)) stops += avx2::kAtOnce;
    ASSERT_EQ(avx2::rename(words, 0, kRenaming), stops);
    for (std::size_t i = 0; i < stops; ++i) ASSERT_EQ(words[i], renamed(before[i])) << i;
    for (std::size_t i = stops + avx2::kAtOnce; i < words.size(); ++i) ASSERT_EQ(words[i], before[i]) << i;
  }
}

TEST_F(Avx2Test, HashesAsIsDoneWithoutIt) {
  for (std::size_t size = 0; size < 600; ++size) {
    std::vector<std::uint64_t> words(size);
    std::ranges::generate(words, std::ref(random_));
    const XXH128_hash_t hash = XXH3_128bits(words.data(), size * sizeof(std::uint64_t));
    EXPECT_EQ(avx2::hash(words), (Digest{hash.low64, hash.high64}));
  }
}

}  // namespace
}  // namespace tpfuzz
