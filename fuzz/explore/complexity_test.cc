// Which of two sequences is the simpler one.
#include "fuzz/explore/complexity.h"

#include <gtest/gtest.h>

#include "fuzz/sequence/text.h"

namespace tpfuzz {
namespace {

Sequence parse(const std::string& text) {
  const auto parsed = parse_text(text);
  return std::get<Sequence>(parsed);
}

TEST(ComplexityTest, WhatComesFirstCountsMost) {
  const std::string header = "tpfuzz 1\nprobe a func=0 data=0 prio=10\n";
  const std::string by_complexity[] = {
      header + "w0 register a\nr0 hit\n",
      header + "w0 register a\nw0 register a\n",
      header + "w0 register a\nr0 hit park@loaded 1\n",
      header + "w0 register a\nr0 hit park@keyed 1\n",
      header + "w0 register a\nr0 hit park@loaded 2\n",
      header + "w0 register a hook=fail\nr0 hit park@loaded 1\n",
      header + "w0 register a\nr0 hit park@loaded 1 park@keyed 1\n",
      header + "probe b func=1 data=1 prio=10\nw0 register a\nw0 register b\n",
      header + "w0 register a\nw0 unregister a\nr0 hit\n",
  };
  for (std::size_t i = 2; i < std::size(by_complexity); ++i)
    EXPECT_LT(Complexity(parse(by_complexity[i - 1])), Complexity(parse(by_complexity[i]))) << by_complexity[i];
}

TEST(ComplexityTest, ABatchSavesNoOperation) {
  const std::string header = "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n";
  EXPECT_EQ(count_operations(parse(header + "w0 unregister a\nw0 unregister b\n")), 2);
  EXPECT_EQ(count_operations(parse(header + "w0 unregister a,b\n")), 2);
  EXPECT_EQ(count_operations(parse(header + "w0 unregister null\n")), 2);
  EXPECT_LT(Complexity(parse(header + "w0 unregister a\nw0 unregister b\n")),
            Complexity(parse(header + "w0 unregister a,b\n")));
  EXPECT_LT(Complexity(parse(header + "w0 unregister a,b\n")), Complexity(parse(header + "w0 unregister null\n")));
}

TEST(ComplexityTest, OrdinaryReadersAndAPlainSyncAreSimpler) {
  EXPECT_LT(Complexity(parse("tpfuzz 1\nr0 hit\n")), Complexity(parse("tpfuzz 1\ntracepoint 0 faultable\nr0 hit\n")));
  EXPECT_LT(Complexity(parse("tpfuzz 1\nw0 sync\n")), Complexity(parse("tpfuzz 1\nw0 sync rcu\n")));
}

TEST(ComplexityTest, AHitWithoutANestedOneIsSimpler) {
  EXPECT_LT(Complexity(parse("tpfuzz 1\nr0 hit tp=1\n")), Complexity(parse("tpfuzz 1\nr0 hit nested=1\n")));
  EXPECT_LT(Complexity(parse("tpfuzz 1\nr0 hit nested=1\n")), Complexity(parse("tpfuzz 1\nr0 hit nested=2\n")));
}

}  // namespace
}  // namespace tpfuzz
