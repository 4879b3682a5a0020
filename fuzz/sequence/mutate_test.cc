#include "fuzz/sequence/mutate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/changes.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"

namespace tpfuzz {
namespace {

Sequence parsed(const std::string& text) {
  const auto result = parse_text(text);
  EXPECT_TRUE(std::holds_alternative<Sequence>(result)) << text;
  return std::holds_alternative<Sequence>(result) ? std::get<Sequence>(result) : Sequence();
}

TEST(Mutate, StaysValidAndKeepsBothForms) {
  Random random(1);
  Sequence sequence;
  std::size_t longest = 0;
  for (int i = 0; i < 1000000; ++i) {
    if (i % 1000 == 0) sequence = generate(random);
    mutate(sequence, random);
    longest = std::max(longest, sequence.operations.size());
    const auto problem = validate(sequence);
    ASSERT_EQ(problem, std::nullopt) << "step " << i << "\n" << to_text(sequence);
    if (i % 10 == 0) {
      ASSERT_EQ(decode(encode(sequence)), sequence) << "step " << i << "\n" << to_text(sequence);
    }
    if (i % 100 == 0) {
      const std::string text = to_text(sequence);
      ASSERT_EQ(to_text(parsed(text)), text) << "step " << i;
    }
  }
  EXPECT_GE(longest, 16U);
}

TEST(Mutate, KeepsSequencesShort) {
  constexpr int kCount = 100000;
  Random random(9);
  Sequence sequence;
  int short_ones = 0;
  for (int i = 0; i < kCount; ++i) {
    mutate(sequence, random);
    short_ones += sequence.operations.size() >= 3 && sequence.operations.size() <= 8 ? 1 : 0;
  }
  EXPECT_GT(short_ones, kCount * 3 / 4);
}

TEST(Mutate, ShortensLongSequences) {
  Random random(10);
  Sequence sequence;
  sequence.operations.resize(kMaxOperations);
  for (Operation& operation : sequence.operations) operation.cpu.kind = Cpu::Kind::reader;
  for (int i = 0; i < 200; ++i) mutate(sequence, random);
  EXPECT_LT(sequence.operations.size(), 16U);
}

TEST(Mutate, IsDecidedByTheSeed) {
  Random one(5);
  Random same(5);
  Sequence first;
  Sequence second;
  for (int i = 0; i < 1000; ++i) {
    mutate(first, one);
    mutate(second, same);
    ASSERT_EQ(first, second) << "step " << i;
  }
}

TEST(Mutate, MostlyChangesSomething) {
  Random random(2);
  int unchanged = 0;
  for (int i = 0; i < 20000; ++i) {
    const Sequence before = generate(random);
    Sequence after = before;
    mutate(after, random);
    unchanged += after == before ? 1 : 0;
  }
  EXPECT_LT(unchanged, 20000 / 10);
}

TEST(Mutate, DropsExpectations) {
  const Sequence before = parsed(
      "tpfuzz 1\nprobe a func=0 data=0\nw0 register a -> 0\nw0 register a -> EEXIST\nw0 unregister a -> 0\nw0 sync\n");
  Random random(3);
  for (int i = 0; i < 1000; ++i) {
    Sequence after = before;
    mutate(after, random);
    for (const Operation& operation : after.operations) ASSERT_FALSE(operation.expect) << to_text(after);
    for (const Operation& operation : cross_over(before, before, random).operations) ASSERT_FALSE(operation.expect);
  }
}

TEST(Mutate, FullAndEmptySequencesToo) {
  Sequence full;
  for (int i = 0; i < kMaxOperations; ++i) {
    Operation& hit = full.operations.emplace_back();
    hit.cpu.kind = Cpu::Kind::reader;
    hit.parks.resize(kMaxParks);
  }
  ASSERT_EQ(validate(full), std::nullopt);
  Random random(4);
  for (int i = 0; i < 10000; ++i) {
    Sequence sequence = i % 2 == 0 ? full : Sequence();
    mutate(sequence, random);
    ASSERT_EQ(validate(sequence), std::nullopt) << to_text(sequence);
  }
}

// From a start, a change gives what it is for, at the latest after a thousand tries; and a false one leaves all as it
// was.
using Change = bool (*)(Sequence&, Random&);
struct Goal {
  Change change;
  std::string_view from;
  std::string_view to;  // behind the header and probes
};

TEST(Changes, ReachWhatTheyAreFor) {
  const std::string probes = "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n";
  const std::vector<Goal> goals = {
      {insert_operation, "r0 hit\n", "w0 register a\nr0 hit\n"},
      {insert_operation, "w0 register a\n", "w0 register a\nw0 unregister a\n"},
      {duplicate_operation, "w0 register a\nr0 hit\n", "w0 register a\nr0 hit\nw0 register a\n"},
      {remove_operation, "w0 register a\nr0 hit\n", "r0 hit\n"},
      {swap_neighbours, "w0 register a\nr0 hit\n", "r0 hit\nw0 register a\n"},
      {move_operation, "w0 register a\nr0 hit\nw0 sync\n", "r0 hit\nw0 sync\nw0 register a\n"},
      {move_operation, "w0 register a\nr0 hit\nw0 sync\n", "w0 sync\nw0 register a\nr0 hit\n"},
      {add_park, "r0 hit park@keyed 1\n", "r0 hit park@keyed 1 park@loaded 2\n"},
      {add_park, "w0 sync\n", "w0 sync park@freed 1\n"},
      {remove_park, "r0 hit\nr1 hit park@keyed 1 park@loaded 2\n", "r0 hit\nr1 hit park@keyed 1\n"},
      {change_park_point, "r0 hit park@keyed#3 9\n", "r0 hit park@unlocked#3 9\n"},
      {nudge_park_nth, "r0 hit park@keyed 9\n", "r0 hit park@keyed#2 9\n"},
      {nudge_park_events, "r0 hit park@keyed 9\n", "r0 hit park@keyed 8\n"},
      {nudge_park_events, "r0 hit park@keyed 254\n", "r0 hit park@keyed 255\n"},
      {change_cpu, "r0 hit\n", "r3 hit\n"},
      {change_cpu, "w1 sync\n", "w0 sync\n"},
      {change_verb, "w0 register a prio=1 hook=fail\n", "w0 unregister a\n"},
      {change_verb, "w0 unregister a,b\n", "w0 register a\n"},
      {change_named_probe, "w0 register a prio=1\n", "w0 register b prio=1\n"},
      {change_named_probe, "w0 register a prio=1\n", "w0 register null\n"},
      {change_named_probe, "w0 unregister a\n", "w0 unregister a,b\n"},
      {change_named_probe, "w0 unregister a tp=0, b tp=1\n", "w0 unregister null\n"},
      {change_verb, "w0 unregister a tp=0, b tp=1\n", "w0 register a\n"},
      {change_batch, "w0 unregister a\n", "w0 unregister a tp=0, b tp=2\n"},
      {change_batch, "w0 unregister a tp=0, b tp=2\n", "w0 unregister a\n"},
      {change_property, "w0 unregister a tp=0, b tp=1, b tp=3\n", "w0 unregister a tp=1, b tp=3\n"},
      {change_property, "w0 register a\n", "w0 register a hook=fail\n"},
      {change_property, "w0 register a fail=9\n", "w0 register a\n"},
      {change_property, "r0 hit\n", "r0 hit site=1\n"},
      {change_property, "r0 hit\n", "r0 hit nested=3\n"},
      {change_property, "r0 hit tp=2\n", "r0 hit tp=2 nested=0\n"},
      {change_property, "r0 hit nested=1\n", "r0 hit\n"},
      {change_property, "r0 hit nested=1\n", "r0 hit tp=1\n"},
  };
  for (const Goal& goal : goals) {
    const Sequence from = parsed(probes + std::string(goal.from));
    const Sequence to = parsed(probes + std::string(goal.to));
    Random random(1);
    bool reached = false;
    for (int i = 0; i < 1000 && !reached; ++i) {
      Sequence sequence = from;
      if (!goal.change(sequence, random))
        ASSERT_EQ(sequence, from) << goal.from;
      else
        reached = sequence == to;
    }
    EXPECT_TRUE(reached) << goal.from << goal.to;
  }
}

TEST(Changes, OfDeclarations) {
  const Sequence from = parsed("tpfuzz 1\nprobe a func=0 data=0\nprobe b func=1 data=1\nw0 register a\n");
  Random random(1);
  std::set<int> funcs;
  std::set<int> data;
  std::set<int> priorities;
  for (int i = 0; i < 2000; ++i) {
    Sequence sequence = from;
    if (!change_declaration(sequence, random)) continue;
    const Probe probe = sequence.probes[0].value_or(Probe());
    funcs.insert(probe.func);
    data.insert(probe.data);
    priorities.insert(probe.prio);
    if (remove_unused_declaration(sequence, random)) {
      EXPECT_TRUE(sequence.probes[0]);
      EXPECT_FALSE(sequence.probes[1]);
    }
  }
  EXPECT_EQ(funcs.size(), 8U);
  EXPECT_EQ(data.size(), 9U);  // NULL, too
  EXPECT_GT(priorities.size(), 3U);
}

TEST(CrossOver, IsValidAndTakesFromBoth) {
  Random random(6);
  int both = 0;
  for (int i = 0; i < 100000; ++i) {
    Sequence a = generate(random);
    Sequence b = generate(random);
    for (Operation& operation : a.operations) operation.parks.clear();
    for (Operation& operation : b.operations)
      operation.parks.assign(1, {operation.verb == Verb::hit ? tp::Point::keyed : tp::Point::waiting, 1, 1});
    const Sequence child = cross_over(a, b, random);
    ASSERT_EQ(validate(child), std::nullopt) << to_text(child);
    std::size_t from_b = 0;
    for (const Operation& operation : child.operations) from_b += operation.parks.size();
    both += from_b > 0 && from_b < child.operations.size() ? 1 : 0;
  }
  EXPECT_GT(both, 50000);
}

TEST(CrossOver, KeepsTheProbesOfTheFirstAndPartsTheOthers) {
  const Sequence a = parsed("tpfuzz 1\nprobe a func=3 data=3 prio=1\nw0 register a\n");
  const Sequence b = parsed("tpfuzz 1\nprobe a func=4 data=4\nprobe b func=3 data=3 prio=2\nw0 register b\n");
  Random random(7);
  const Sequence child = cross_over(a, b, random);
  EXPECT_EQ(child.probes[0], (Probe{3, 3, 1}));
  EXPECT_EQ(child.probes[1], (Probe{3, 4, 2}));
}

TEST(CrossOver, NeverTakesMoreThanFits) {
  Sequence full;
  full.operations.resize(kMaxOperations);
  for (Operation& operation : full.operations) operation.cpu.kind = Cpu::Kind::reader;
  Random random(8);
  std::size_t longest = 0;
  for (int i = 0; i < 1000; ++i) longest = std::max(longest, cross_over(full, full, random).operations.size());
  EXPECT_EQ(longest, static_cast<std::size_t>(kMaxOperations));
}

}  // namespace
}  // namespace tpfuzz
