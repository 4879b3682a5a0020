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

TEST(BoundsTest, AnAlphabetHasEachBatchOfTwo) {
  const auto removals = [](const Bounds& bounds) {
    std::set<std::string> lines;
    const Sequence all = *alphabet(bounds);
    Sequence one = all;
    for (const Operation& operation : all.operations) {
      if (operation.verb != Verb::unregister_probe) continue;
      one.operations = {operation};
      const std::string text = to_text(one);
      lines.insert(text.substr(text.rfind('\n', text.size() - 2) + 1, text.npos));
    }
    return lines;
  };
  EXPECT_EQ(removals({.probes = 2, .tracepoints = 2, .batches = true}),
            (std::set<std::string>{"w0 unregister a\n", "w0 unregister b\n", "w0 unregister a,b\n",
                                   "w0 unregister a tp=1\n", "w0 unregister b tp=1\n", "w0 unregister a,b tp=1\n",
                                   "w0 unregister a tp=0, a tp=1\n", "w0 unregister a tp=0, b tp=1\n",
                                   "w0 unregister b tp=0, a tp=1\n", "w0 unregister b tp=0, b tp=1\n"}));
  EXPECT_EQ(removals({.probes = 3, .failing = true, .batches = true}).size(), 2U * (3 + 3));
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
