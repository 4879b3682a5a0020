#include "fuzz/explore/bounds.h"

#include <gtest/gtest.h>

#include <set>

#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"

namespace tpfuzz {
namespace {

// Each operation once, and nothing that a sequence may not hold but the order of time.
TEST(BoundsTest, AnAlphabetHasEachOperationOnce) {
  const std::optional<Sequence> sequence =
      alphabet({.writers = 2, .readers = 2, .probes = 3, .tracepoints = 2, .failing = true});
  ASSERT_TRUE(sequence);
  EXPECT_EQ(validate(*sequence), std::nullopt);
  std::set<std::string> lines;
  for (const Operation& operation : sequence->operations) {
    Sequence one = *sequence;
    one.operations = {operation};
    lines.insert(to_text(one));
  }
  EXPECT_EQ(lines.size(), sequence->operations.size());
  EXPECT_EQ(lines.size(), 2U * 2 * (2 * 3 * 2) + 2 * 2);  // of each writer and tracepoint, and of each reader
}

TEST(BoundsTest, MoreThanASequenceHoldsIsNoAlphabet) {
  EXPECT_EQ(alphabet({.writers = 2, .probes = 4, .tracepoints = 3, .failing = true}), std::nullopt);
}

// Two share a function, two share a data, and priorities differ.
TEST(BoundsTest, TheProbesDifferInEachWay) {
  EXPECT_EQ(kProbeSet[0].func, kProbeSet[1].func);
  EXPECT_EQ(kProbeSet[1].data, kProbeSet[2].data);
  EXPECT_NE(kProbeSet[0].data, kProbeSet[1].data);
  EXPECT_NE(kProbeSet[1].func, kProbeSet[2].func);
  EXPECT_EQ(kProbeSet[0].prio, kProbeSet[1].prio);
  EXPECT_GT(kProbeSet[2].prio, kProbeSet[1].prio);
  EXPECT_LT(kProbeSet[3].prio, kProbeSet[1].prio);
}

TEST(BoundsTest, SaysWhatIsExplored) {
  EXPECT_EQ(words({.operations = 5}),
            "every schedule of every sequence of up to 5 operations on 3 probes with 1 reader of 1 hit");
  EXPECT_EQ(words({.operations = {}, .hits = {}, .writers = 2, .readers = 2, .tracepoints = 2, .faultable = true}),
            "every schedule of sequences of any length on 3 probes and 2 tracepoints with faultable 2 readers of any "
            "number of hits and 2 writers");
}

}  // namespace
}  // namespace tpfuzz
