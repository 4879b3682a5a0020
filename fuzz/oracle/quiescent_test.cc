#include "fuzz/oracle/quiescent.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "fuzz/oracle/testing/story.h"

namespace tpfuzz {
namespace {

using Entry = Observation::Entry;

constexpr Entry kA{0, 0, 10};
constexpr Entry kB{1, 1, 20};
constexpr Entry kC{0, 2, 5};
constexpr Entry kStub{.stub = true};

// A tracepoint that is as it should be with this array, the only one.
Observation array(std::initializer_list<Entry> entries) {
  const bool some = entries.size() > 0;
  return {.entries = entries, .key_on = some, .text_whole = true, .promise_kept = true, .arrays = some};
}

// After the operations of `lines`, one by one.
bool holds(const std::string& lines, const Observation& observation, int blocks) {
  Story story(lines);
  Event completed;
  for (int i = 0; i < std::ranges::count(lines, '\n'); ++i) {
    story.starts(i);
    completed = story.completes(i);
  }
  return quiescent_holds(story.history(), completed, observation, blocks);
}
bool holds(const std::string& lines, const Observation& observation) {
  return holds(lines, observation, observation.arrays);
}

const std::string kRegistersAAndB = "w0 register a\nw0 register b\n";

TEST(Quiescent, TheKeyIsOnWhileSomebodyUsesIt) {
  Observation none = array({}), held = array({});
  held.key_on = true;
  for (const auto& [lines, on] : {std::pair("w0 key inc\n", true),
                                  {"w0 key inc\nw0 key dec\n", false},
                                  {"w0 key inc\nw1 key inc\nw0 key dec\n", true},
                                  {"w0 key dec\nw0 key inc\n", true},
                                  {"w0 register a\nw0 key inc\nw0 unregister a\n", true},
                                  {"w0 key inc tp=1\nw0 key dec\n", false}}) {
    EXPECT_EQ(holds(lines, held), on) << lines;
    EXPECT_EQ(holds(lines, none), !on) << lines;
  }
}

TEST(Quiescent, TheArrayIsTheModels) {
  EXPECT_TRUE(holds(kRegistersAAndB, array({kB, kA})));
  const std::pair<const char*, Observation> wrong[] = {
      {"the first is missing", array({kA})},
      {"the last is missing", array({kB})},
      {"all are missing", array({})},
      {"one too many in front", array({kC, kB, kA})},
      {"one too many behind", array({kB, kA, kC})},
      {"one twice", array({kB, kA, kA})},
      {"the wrong order", array({kA, kB})},
      {"another priority", array({kB, {0, 0, 11}})},
      {"another function's data", array({kB, {0, 1, 10}})},
      {"another function", array({kB, {1, 0, 10}})},
      {"none of ours", array({kB, {kMaxFunctions, kMaxData, 10}})},
      {"a stub in front", array({kStub, kB, kA})},
      {"a stub between", array({kB, kStub, kA})},
      {"a stub behind", array({kB, kA, kStub})},
  };
  for (const auto& [what, observation] : wrong) EXPECT_FALSE(holds(kRegistersAAndB, observation)) << what;
}

TEST(Quiescent, ThePriorityIsTheRegistrations) {
  const std::string lines = "w0 register a prio=30\nw0 register b\n";
  EXPECT_TRUE(holds(lines, array({{0, 0, 30}, kB})));
  EXPECT_FALSE(holds(lines, array({kA, kB})));
}

TEST(Quiescent, AStubMayStandInTheArrayWhereItWasPut) {
  const std::string three = kRegistersAAndB + "w0 register c\n";
  EXPECT_TRUE(holds(three + "w0 unregister b fail=1\n", array({kStub, kA, kC})));
  EXPECT_TRUE(holds(three + "w0 unregister a fail=1\n", array({kB, kStub, kC})));
  EXPECT_TRUE(holds(three + "w0 unregister c fail=1\n", array({kB, kA, kStub})));
  EXPECT_TRUE(holds(three + "w0 unregister a,b fail=1\n", array({kStub, kStub, kC})));
  EXPECT_FALSE(holds(three + "w0 unregister a fail=1\n", array({kB, kStub})));
  EXPECT_FALSE(holds(three + "w0 unregister a fail=1\n", array({kC, kStub, kB})));
  EXPECT_FALSE(holds(three + "w0 unregister a fail=1\n", array({kB, kA, kC})));
  EXPECT_FALSE(holds(three + "w0 unregister a fail=1\n", array({kB, kC}))) << "dropped";
  EXPECT_FALSE(holds(three + "w0 unregister a fail=1\n", array({kStub, kB, kC}))) << "moved";
  EXPECT_FALSE(holds(three + "w0 unregister a fail=1\n", array({kB, kStub, kC, kStub}))) << "multiplied";
}

TEST(Quiescent, AStubGoesWithTheNextArray) {
  const std::string stubbed = kRegistersAAndB + "w0 unregister a fail=1\n";
  for (const char* next : {"w0 register c fail=1\n", "w0 register b\n"})
    EXPECT_TRUE(holds(stubbed + next, array({kB, kStub}))) << next << "makes none";
  EXPECT_TRUE(holds(stubbed + "w0 register c\n", array({kB, kC})));
  EXPECT_FALSE(holds(stubbed + "w0 register c\n", array({kB, kStub, kC})));
  EXPECT_TRUE(holds(stubbed + "w0 unregister c\n", array({kB}))) << "an absent probe";
  EXPECT_FALSE(holds(stubbed + "w0 unregister c\n", array({kB, kStub}))) << "an absent probe";
}

TEST(Quiescent, TheKeyIsOnExactlyIfThereAreProbes) {
  const std::string emptied = "w0 register a\nw0 unregister a\n";
  Observation observation = array({});
  EXPECT_TRUE(holds(emptied, observation));
  observation.key_on = true;
  EXPECT_FALSE(holds(emptied, observation));
  observation = array({kA});
  EXPECT_TRUE(holds("w0 register a\n", observation));
  observation.key_on = false;
  EXPECT_FALSE(holds("w0 register a\n", observation));
  EXPECT_FALSE(holds(emptied, array({kA})));
}

TEST(Quiescent, TheTextIsWholeAndPromisesAreKept) {
  Observation torn = array({kA});
  torn.text_whole = false;
  EXPECT_FALSE(holds("w0 register a\n", torn));
  Observation broken = array({kA});
  broken.promise_kept = false;
  EXPECT_FALSE(holds("w0 register a\n", broken));
}

TEST(Quiescent, EveryBlockIsAPublishedArray) {
  EXPECT_FALSE(holds("w0 register a\n", array({kA}), 2)) << "a leak";
  EXPECT_FALSE(holds("w0 register a\n", array({kA}), 0)) << "a published array was freed";
  EXPECT_FALSE(holds("w0 register a fail=1\n", array({}), 1)) << "a leak";
}

TEST(Quiescent, ATracepointIsComparedWithItsOwnList) {
  const std::string lines = "w0 register a\nw0 register b tp=1\n";
  Observation second = array({kB});
  second.arrays = 2;
  EXPECT_TRUE(holds(lines, second));
  EXPECT_FALSE(holds(lines, second, 1));
  second.entries = {kA};
  EXPECT_FALSE(holds(lines, second));
}

}  // namespace
}  // namespace tpfuzz
