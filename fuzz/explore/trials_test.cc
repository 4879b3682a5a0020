// When trials end, and what they remember.
#include "fuzz/explore/trials.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

// A trial that says what it is told to.
struct Scripted {
  bool reproduces = true;
  bool goes_on = true;
  Trials trials{[this](const Sequence&) { return reproduces; }, [this](const Trials&) { return goes_on; }};
};

Sequence of_hits(int count) {
  Sequence sequence;
  Operation hit;
  hit.cpu.kind = Cpu::Kind::reader;
  for (int i = 0; i < count; ++i) sequence.operations.push_back(hit);
  return sequence;
}

TEST(TrialsTest, RememberTheSimplestThatReproduces) {
  Scripted script;
  EXPECT_TRUE(script.trials.reproduces(of_hits(3)));
  EXPECT_TRUE(script.trials.reproduces(of_hits(2)));
  EXPECT_TRUE(script.trials.reproduces(of_hits(4)));
  EXPECT_EQ(script.trials.best(), of_hits(2));
  script.reproduces = false;
  EXPECT_FALSE(script.trials.reproduces(of_hits(1)));
  EXPECT_EQ(script.trials.best(), of_hits(2));
  EXPECT_EQ(script.trials.executions(), 4);
}

TEST(TrialsTest, NothingReproducesAfterTheLastGrantedOne) {
  Scripted script;
  script.trials.grant(1);
  EXPECT_TRUE(script.trials.reproduces(of_hits(2)));
  EXPECT_TRUE(script.trials.over());
  EXPECT_FALSE(script.trials.reproduces(of_hits(1)));
  EXPECT_EQ(script.trials.executions(), 1);
  script.trials.grant(Trials::kUnlimited);
  EXPECT_TRUE(script.trials.reproduces(of_hits(1)));
}

TEST(TrialsTest, ProgressCanStopThemForGood) {
  Scripted script;
  script.goes_on = false;
  EXPECT_TRUE(script.trials.reproduces(of_hits(2)));
  EXPECT_TRUE(script.trials.stopped());
  script.trials.grant(Trials::kUnlimited);
  EXPECT_FALSE(script.trials.reproduces(of_hits(1)));
  EXPECT_EQ(script.trials.best(), of_hits(2));
}

}  // namespace
}  // namespace tpfuzz
