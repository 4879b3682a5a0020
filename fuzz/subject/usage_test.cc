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
    usage.register_begins(tracepoint, probe);
    usage.register_ends(tracepoint, probe, true);
  }
  void remove(const Probe& probe, int tracepoint = 0) {
    const std::array probes = {probe};
    const Usage::Removal removal = usage.unregister_begins(probes);
    usage.unregister_ends(tracepoint, probes, true, removal);
  }
  // What goes in a sync during which nothing else happens: functions and data as bits.
  std::pair<int, int> gone() {
    const Usage::Objects gone = usage.sync_ends(usage.sync_begins());
    return {gone.functions, gone.data};
  }
  Usage usage;
};

using Bits = std::pair<int, int>;

TEST_F(UsageTest, WhatWasNeverUsedStays) { EXPECT_EQ(gone(), Bits(0, 0)); }

TEST_F(UsageTest, WhatIsRegisteredStaysAndWhatIsNotGoesOnce) {
  add(kA);
  EXPECT_EQ(gone(), Bits(0, 0));
  remove(kA, 0);
  EXPECT_EQ(gone(), Bits(1, 1));
  EXPECT_EQ(gone(), Bits(0, 0));
}

TEST_F(UsageTest, WhatAnotherProbeSharesStays) {
  add(kA);
  add(kSameFunction);
  remove(kA, 0);
  EXPECT_EQ(gone(), Bits(0, 1));
}

TEST_F(UsageTest, NullDataNeverGoes) {
  const Probe null_data = {0, kNullData, 10};
  add(null_data);
  add(kA);
  EXPECT_EQ(gone(), Bits(0, 0));
  remove(kA);
  EXPECT_EQ(gone(), Bits(0, 1));  // the function is that of the other probe, too
  remove(null_data);
  EXPECT_EQ(gone(), Bits(1, 0));
}

TEST_F(UsageTest, WhatAnotherTracepointHasStays) {
  add(kA, 0);
  add(kA, 3);
  remove(kNull, 0);
  EXPECT_EQ(gone(), Bits(0, 0));
  EXPECT_TRUE(usage.was_used(3));
  EXPECT_FALSE(usage.was_used(2));
  remove(kNull, 3);
  EXPECT_EQ(gone(), Bits(1, 1));
}

TEST_F(UsageTest, WhatIsBeingRegisteredStaysAndGoesIfThatFailed) {
  usage.register_begins(0, kA);
  EXPECT_EQ(gone(), Bits(0, 0));
  usage.register_ends(0, kA, false);
  EXPECT_EQ(gone(), Bits(1, 1));
}

TEST_F(UsageTest, WhatIsBeingRemovedStays) {
  add(kA);
  const std::array probes = {kA};
  const Usage::Removal removal = usage.unregister_begins(probes);
  const Usage::Removal other = usage.unregister_begins(probes);
  usage.unregister_ends(0, probes, true, other);
  EXPECT_EQ(gone(), Bits(0, 0));
  usage.unregister_ends(0, probes, false, removal);
  EXPECT_EQ(gone(), Bits(1, 1));
}

TEST_F(UsageTest, WhatIsRegisteredAndRemovedAtTheSameTimeStays) {
  const std::array probes = {kA};
  add(kA);
  const Usage::Removal removal = usage.unregister_begins(probes);
  add(kA);  // before the removal, or after it
  usage.unregister_ends(0, probes, true, removal);
  EXPECT_EQ(gone(), Bits(0, 0));
  usage.register_begins(0, kA);
  const Usage::Removal meanwhile = usage.unregister_begins(probes);
  usage.register_ends(0, kA, true);
  usage.unregister_ends(0, probes, true, meanwhile);
  EXPECT_EQ(gone(), Bits(0, 0));
  remove(kA);
  EXPECT_EQ(gone(), Bits(1, 1));
}

TEST_F(UsageTest, WhatWasUsedInBetweenStays) {
  add(kA);
  remove(kA, 0);
  const Usage::Unused before = usage.sync_begins();
  add(kA);
  remove(kA, 0);
  EXPECT_EQ(usage.sync_ends(before).functions, 0);  // a reader may have come after the grace period began
  EXPECT_EQ(gone(), Bits(1, 1));
}

}  // namespace
}  // namespace tpfuzz
