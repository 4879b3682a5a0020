#include "fuzz/subject/state_digest.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace tpfuzz {
namespace {

class Words final : public StateDigest {
 public:
  using StateDigest::pointer;
  void pointer(std::uint64_t value) override { word(value); }
  void grace_period(const GracePeriod&) override {}
  void cookies(std::uint64_t, std::span<const GracePeriod>) override {}

  std::vector<std::uint64_t> all() const { return {words_.begin(), words_.end()}; }
};

template <class... Numbers>
std::vector<std::uint64_t> words_of(Numbers... numbers) {
  Words words;
  words.numbers(std::array{static_cast<unsigned>(numbers)...});
  return words.all();
}

TEST(StateDigest, SmallNumbersShareAWord) {
  EXPECT_EQ(words_of(1, 2, 3), std::vector<std::uint64_t>{0x010203});
  EXPECT_EQ(words_of(1, 2, 3, 4, 5, 6, 7, 254, 9), (std::vector<std::uint64_t>{0x01020304050607fe, 9}));
}

// A number that does not fit is told in full: 255 and 300 are no more alike than any two.
TEST(StateDigest, LargeNumbersFollow) {
  EXPECT_EQ(words_of(1, 300, 3), (std::vector<std::uint64_t>{0x01ff03, 300}));
  EXPECT_EQ(words_of(255, 0), (std::vector<std::uint64_t>{0xff00, 255}));
  EXPECT_NE(words_of(255), words_of(300));
  EXPECT_NE(words_of(255, 1), words_of(1, 255));
}

}  // namespace
}  // namespace tpfuzz
