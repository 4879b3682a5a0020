#include "fuzz/oracle/snapshot.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

// Three probes: a (0,0), b (1,1), c (1,2).
Sequence three_probes() {
  Sequence sequence;
  sequence.probes[0] = Probe{0, 0, 10};
  sequence.probes[1] = Probe{1, 1, 10};
  sequence.probes[2] = Probe{1, 2, 10};
  return sequence;
}

constexpr Call kA{0, 0};
constexpr Call kB{1, 1};
constexpr Call kC{1, 2};
const ProbeList kAbc = {{0, 10}, {1, 10}, {2, 10}};
const ProbeList kAc = {{0, 10}, {2, 10}};

bool match(std::initializer_list<Call> calls, const ProbeList& version, const ProbeList& later) {
  return calls_match({calls.begin(), calls.size()}, version, later, three_probes());
}

TEST(Snapshot, TheListInItsOrderMatches) { EXPECT_TRUE(match({kA, kB, kC}, kAbc, kAbc)); }

TEST(Snapshot, NoProbeIsLostRepeatedOrOutOfOrder) {
  EXPECT_FALSE(match({kA, kB}, kAbc, kAbc));
  EXPECT_FALSE(match({kB, kC}, kAbc, kAbc));
  EXPECT_FALSE(match({}, kAbc, kAbc));
  EXPECT_FALSE(match({kA, kA, kB, kC}, kAbc, kAbc));
  EXPECT_FALSE(match({kA, kC, kB}, kAbc, kAbc));
  EXPECT_FALSE(match({kA, kB, kC, kC}, kAbc, kAbc));
}

TEST(Snapshot, TheSameFunctionWithOtherDataIsAnotherProbe) { EXPECT_FALSE(match({kA, kC, kC}, kAbc, kAbc)); }

TEST(Snapshot, AStubbedEntryMayBeThereOrNot) {
  EXPECT_TRUE(match({kA, kB, kC}, kAbc, kAc));
  EXPECT_TRUE(match({kA, kC}, kAbc, kAc));
  EXPECT_FALSE(match({kA, kB}, kAbc, kAc));
}

// What a hit may have seen: the first list was there at its begin, all others came later.
bool holds(std::vector<Version> begun, std::size_t current, bool keyed, std::initializer_list<Call> calls) {
  const std::span<const Version> all = begun;
  return is_snapshot({all, all.subspan(0, current), keyed}, {calls.begin(), calls.size()}, three_probes());
}

TEST(Snapshot, NothingIsRightOnlyIfAnEmptyListIsAmongThem) {
  EXPECT_TRUE(holds({{{}}}, 1, false, {}));
  EXPECT_TRUE(holds({{{}}, {kAc}}, 2, false, {}));
  EXPECT_TRUE(holds({{kAc}, {{}}}, 2, false, {}));
  EXPECT_FALSE(holds({{kAc}}, 1, false, {}));
  EXPECT_FALSE(holds({{kAbc}, {kAc}}, 2, false, {})) << "probes were registered all the time";
  EXPECT_FALSE(holds({{kAbc}, {kAc, true}}, 2, false, {})) << "a stub empties no list";
}

TEST(Snapshot, AKeyThatIsOffMayTellOfWhatHasOnlyBegun) {
  EXPECT_TRUE(holds({{kAc}, {{}}}, 1, false, {})) << "the last removal has begun and has not published";
  EXPECT_FALSE(holds({{kAc}, {{}}}, 1, true, {})) << "the key was on, and the array was not empty yet";
  EXPECT_TRUE(holds({{kAc}, {{}}}, 2, true, {}));
}

TEST(Snapshot, CallsAreOfAListThatWasCurrent) {
  EXPECT_TRUE(holds({{kAc}, {kAbc}}, 2, true, {kA, kB, kC}));
  EXPECT_FALSE(holds({{kAc}, {kAbc}}, 1, true, {kA, kB, kC})) << "it has begun and is not published";
}

}  // namespace
}  // namespace tpfuzz
