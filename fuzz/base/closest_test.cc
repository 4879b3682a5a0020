#include "fuzz/base/closest.h"

#include <gtest/gtest.h>

#include <array>

namespace tpfuzz {
namespace {

constexpr std::array<std::string_view, 6> kVerbs = {"run", "show", "minimize", "worker", "worker-sketch", "witness"};

TEST(Closest, CountsLettersThatDiffer) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", "abc"), 0U);
  EXPECT_EQ(edit_distance("abc", "ab"), 1U);
  EXPECT_EQ(edit_distance("abc", "xabc"), 1U);
  EXPECT_EQ(edit_distance("abc", "axc"), 1U);
  EXPECT_EQ(edit_distance("abc", "acb"), 1U) << "neighbours swapped";
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("ca", "abc"), 3U) << "optimal string alignment: no letter is edited twice";
}

TEST(Closest, IsTheWordThatWasMeant) {
  EXPECT_EQ(closest("rnu", kVerbs), (std::vector<std::string_view>{"run"}));
  EXPECT_EQ(closest("minimise", kVerbs), (std::vector<std::string_view>{"minimize"}));
  EXPECT_EQ(closest("workre", kVerbs), (std::vector<std::string_view>{"worker"}));
  EXPECT_EQ(closest("min", kVerbs), (std::vector<std::string_view>{"minimize"}));
  EXPECT_TRUE(closest("fly", kVerbs).empty());
  EXPECT_TRUE(closest("", kVerbs).empty());
  EXPECT_TRUE(closest("r", kVerbs).empty()) << "too short to tell";
}

TEST(Closest, IsSaidAsAQuestion) {
  EXPECT_EQ(did_you_mean("shwo", kVerbs), "; did you mean 'show'?");
  EXPECT_EQ(did_you_mean("wor", kVerbs), "; did you mean 'worker' or 'worker-sketch'?");
  EXPECT_EQ(did_you_mean("bat", std::vector<std::string>{"cat", "hat", "dog", "rat"}),
            "; did you mean 'cat', 'hat' or 'rat'?");
  EXPECT_EQ(did_you_mean("nosuch", kVerbs), "");
}

}  // namespace
}  // namespace tpfuzz
