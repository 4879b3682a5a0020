#include "repro/session/earlier.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace tpfuzz {
namespace {

using Inputs = std::vector<std::string>;

// Shows after inputs among which are all of `needed`.
ShowsAfter needs(const Inputs& needed) {
  return [needed](const Inputs& earlier) { return std::ranges::includes(earlier, needed); };
}

TEST(Dependence, KeepsThoseThatMatterInTheirOrder) {
  const Dependence found = dependence({"00", "01", "02", "03", "04", "05"}, needs({"02", "04"}));
  EXPECT_TRUE(found.shows);
  EXPECT_EQ(found.inputs, (Inputs{"02", "04"}));
}

TEST(Dependence, TriesFewOfTheLastFirst) {
  std::size_t most = 0;
  const ShowsAfter shows = needs({"07"});
  dependence({"00", "01", "02", "03", "04", "05", "06", "07"}, [&](const Inputs& earlier) {
    most = std::max(most, earlier.size());
    return shows(earlier);
  });
  EXPECT_EQ(most, 1U);
}

TEST(Dependence, KeepsAllIfNoneHelps) {
  const Dependence found = dependence({"00", "01", "02"}, needs({"99"}));
  EXPECT_FALSE(found.shows);
  EXPECT_EQ(found.inputs, (Inputs{"00", "01", "02"}));
}

}  // namespace
}  // namespace tpfuzz
