#include "fuzz/explore/visited.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

constexpr Digest kOne{1, 2};
constexpr Digest kOther{1, 3};

Permits permits(std::uint64_t registered, std::uint64_t lists) {
  Permits permits;
  permits.registered = registered;
  permits.hits[1] = lists;
  return permits;
}

TEST(VisitedTest, AStateIsExploredOnce) {
  Visited visited;
  EXPECT_TRUE(visited.add(kOne, {}));
  EXPECT_FALSE(visited.add(kOne, {}));
  EXPECT_TRUE(visited.add(kOther, {}));
}

// Who is permitted more breaks nothing that who is permitted less does not break.
TEST(VisitedTest, MorePermittedNeedNotBeExploredAndLessPermittedMust) {
  Visited visited;
  EXPECT_TRUE(visited.add(kOne, permits(0b1, 0b011)));
  EXPECT_FALSE(visited.add(kOne, permits(0b1, 0b111)));
  EXPECT_FALSE(visited.add(kOne, permits(0b11, 0b011)));
  EXPECT_TRUE(visited.add(kOne, permits(0b1, 0b110)));  // neither more nor less
  EXPECT_TRUE(visited.add(kOne, permits(0b1, 0b001)));
  EXPECT_TRUE(visited.add(kOne, permits(0b0, 0b011)));
  EXPECT_FALSE(visited.add(kOne, permits(0b1, 0b101)));
  EXPECT_EQ(visited.instead_of(kOne, permits(0b1, 0b101)), 2U);
}

TEST(ListNumbersTest, FrozenTheyGiveNoNewNumberAndSayThatOneWasMissed) {
  ListNumbers numbers({7});
  numbers.freeze(true);
  EXPECT_EQ(numbers.of(7), 0);
  EXPECT_FALSE(numbers.missed());
  EXPECT_EQ(numbers.of(8), std::nullopt);
  EXPECT_TRUE(numbers.missed());
  numbers.freeze(false);
  EXPECT_FALSE(numbers.missed());
  EXPECT_EQ(numbers.of(8), 1);
}

TEST(ListNumbersTest, AListKeepsItsNumberAndThereAreNotTooMany) {
  ListNumbers numbers;
  for (std::size_t list = 0; list < ListNumbers::kMost; ++list) EXPECT_EQ(numbers.of(list), static_cast<int>(list));
  EXPECT_EQ(numbers.of(7), 7);
  EXPECT_EQ(numbers.of(ListNumbers::kMost), std::nullopt);
}

}  // namespace
}  // namespace tpfuzz
