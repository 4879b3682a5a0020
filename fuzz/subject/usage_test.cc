#include "fuzz/subject/usage.h"

#include <gtest/gtest.h>

#include "fuzz/subject/subject.h"

namespace tpfuzz {
namespace {

constexpr Probe kA = {0, 0, 10};
constexpr Probe kSameFunction = {0, 1, 10};
constexpr Probe kNull = {kNoFunction, 0, 10};

class UsageTest : public testing::Test {
 protected:
  void add(const Probe& probe, int tracepoint = 0) {
    usage.register_begins(probe);
    usage.register_ends(tracepoint, probe, true);
  }
  // What goes in a sync during which nothing else happens: functions and data as bits.
  std::pair<int, int> gone() {
    const Usage::Gone gone = usage.take(usage.unused());
    return {gone.functions, gone.data};
  }
  Usage usage;
};

using Bits = std::pair<int, int>;

TEST_F(UsageTest, WhatWasNeverUsedStays) { EXPECT_EQ(gone(), Bits(0, 0)); }

TEST_F(UsageTest, WhatIsRegisteredStaysAndWhatIsNotGoesOnce) {
  add(kA);
  EXPECT_EQ(gone(), Bits(0, 0));
  usage.unregistered(0, kA);
  EXPECT_EQ(gone(), Bits(1, 1));
  EXPECT_EQ(gone(), Bits(0, 0));
}

TEST_F(UsageTest, WhatAnotherProbeSharesStays) {
  add(kA);
  add(kSameFunction);
  usage.unregistered(0, kA);
  EXPECT_EQ(gone(), Bits(0, 1));
}

TEST_F(UsageTest, WhatAnotherTracepointHasStays) {
  add(kA, 0);
  add(kA, 3);
  usage.unregistered(0, kNull);
  EXPECT_EQ(gone(), Bits(0, 0));
  usage.unregistered(3, kNull);
  EXPECT_EQ(gone(), Bits(1, 1));
}

TEST_F(UsageTest, WhatIsBeingRegisteredStaysAndGoesIfThatFailed) {
  usage.register_begins(kA);
  EXPECT_EQ(gone(), Bits(0, 0));
  usage.register_ends(0, kA, false);
  EXPECT_EQ(gone(), Bits(1, 1));
}

TEST_F(UsageTest, WhatWasUsedInBetweenStays) {
  add(kA);
  usage.unregistered(0, kA);
  const Usage::Unused before = usage.unused();
  add(kA);
  usage.unregistered(0, kA);
  EXPECT_EQ(usage.take(before).functions, 0);  // a reader may have come after the grace period began
  EXPECT_EQ(gone(), Bits(1, 1));
}

}  // namespace
}  // namespace tpfuzz
