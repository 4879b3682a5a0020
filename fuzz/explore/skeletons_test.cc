// What a search for small sequences starts from.
#include "fuzz/explore/skeletons.h"

#include <gtest/gtest.h>

#include "fuzz/explore/canonical.h"
#include "fuzz/explore/complexity.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"

namespace tpfuzz {
namespace {

TEST(SkeletonsTest, AreValidCanonicalDistinctAndSorted) {
  for (const int probes : {1, 2, 3})
    for (const bool hit : {false, true}) {
      const std::vector<Sequence> all = skeletons(3, probes, hit);
      EXPECT_FALSE(all.empty());
      for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(validate(all[i]), std::nullopt);
        EXPECT_EQ(canonical(all[i]), all[i]) << to_text(all[i]);
        EXPECT_EQ(count_operations(all[i]), hit ? 4 : 3);
        if (i > 0) EXPECT_LT(Complexity(all[i - 1]), Complexity(all[i]));
      }
    }
}

TEST(SkeletonsTest, TwoChangesOfOneProbe) {
  const std::vector<Sequence> all = skeletons(2, 1, false);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(to_text(all[0]), "tpfuzz 1\nprobe a func=0 data=0 prio=10\nw0 register a\nw0 unregister a\n");
}

}  // namespace
}  // namespace tpfuzz
