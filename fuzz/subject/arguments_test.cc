#include "fuzz/subject/arguments.h"

#include <gtest/gtest.h>

#include <set>

namespace tpfuzz {
namespace {

TEST(ArgumentsTest, NoTwoAreEqualInEitherHalf) {
  std::set<std::uint32_t> lower, upper;
  for (int cpu = kMaxWriters; cpu < kMaxWriters + kMaxReaders; ++cpu)
    for (int operation = 0; operation < kMaxOperations; ++operation)
      for (const std::uint64_t value : arguments_of({cpu, operation, kTracepointWithArguments})) {
        EXPECT_TRUE(lower.insert(static_cast<std::uint32_t>(value)).second);
        EXPECT_TRUE(upper.insert(static_cast<std::uint32_t>(value >> 32)).second);
      }
  EXPECT_FALSE(lower.contains(0));
  EXPECT_FALSE(upper.contains(0));
}

TEST(ArgumentsTest, AMovedTokenIsEmpty) {
  Token token(7);
  const Token moved(std::move(token));
  EXPECT_EQ(moved.value(), 7U);
  EXPECT_EQ(token.value(), 0U);  // NOLINT(bugprone-use-after-move)
}

}  // namespace
}  // namespace tpfuzz
