// The numbers and the names of a canonical sequence.
#include "fuzz/explore/canonical.h"

#include <gtest/gtest.h>

#include "fuzz/sequence/text.h"

namespace tpfuzz {
namespace {

Sequence parse(const std::string& text) {
  const auto parsed = parse_text(text);
  return std::get<Sequence>(parsed);
}

TEST(CanonicalTest, NamesInTheOrderOfTheirUse) {
  EXPECT_EQ(to_text(canonical(parse("tpfuzz 1\nprobe b func=7 data=3 prio=-5\nprobe c func=1 data=1 prio=0\n"
                                    "probe h func=7 data=2 prio=100\n"
                                    "w1 register h tp=3\nr2 hit tp=3 site=1\nw0 register b tp=2 prio=7\n"))),
            "tpfuzz 1\nprobe a func=0 data=0 prio=30\nprobe b func=0 data=1 prio=10\n"
            "w0 register a\nr0 hit\nw1 register b prio=20 tp=1\n");
}

TEST(CanonicalTest, TheTracepointOfANestedHitIsNumberedAfterThatOfTheHit) {
  EXPECT_EQ(to_text(canonical(parse("tpfuzz 1\nr0 hit tp=3 nested=2\nr0 hit tp=2 nested=0\n"))),
            "tpfuzz 1\nr0 hit nested=1\nr0 hit tp=1 nested=2\n");
}

TEST(CanonicalTest, TheTracepointWithArgumentsKeepsItsNumberIfItHasTo) {
  EXPECT_EQ(to_text(canonical_with_arguments(parse("tpfuzz 1\nprobe b func=7 data=3 prio=10\n"
                                                   "w0 register b tp=3\nw0 register b tp=2\nw0 register b tp=1\n"))),
            "tpfuzz 1\nprobe a func=0 data=0 prio=10\n"
            "w0 register a tp=3\nw0 register a\nw0 register a tp=1\n");
}

TEST(CanonicalTest, FaultableIsWhatTheTracepointsOfTheSequenceWere) {
  EXPECT_EQ(to_text(canonical(parse("tpfuzz 1\ntracepoint 1 faultable\ntracepoint 2 faultable\n"
                                    "r0 hit tp=3\nr0 hit tp=2\n"))),
            "tpfuzz 1\ntracepoint 1 faultable\nr0 hit\nr0 hit tp=1\n");
}

TEST(CanonicalTest, NamesGoWithTheirProbes) {
  EXPECT_EQ(to_text(canonical(parse("tpfuzz 1\nprobe unused func=4 data=4 prio=10\nprobe late func=3 data=3 prio=10\n"
                                    "probe d func=2 data=2 prio=10\nprobe early func=1 data=1 prio=10\n"
                                    "w0 register early\nw0 register d\nw0 register late\n"))),
            "tpfuzz 1\nprobe early func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n"
            "probe late func=2 data=2 prio=10\nw0 register early\nw0 register b\nw0 register late\n");
}

}  // namespace
}  // namespace tpfuzz
