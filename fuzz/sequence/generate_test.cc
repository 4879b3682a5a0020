#include "fuzz/sequence/generate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <set>
#include <vector>

#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/probe_list.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"

namespace tpfuzz {
namespace {

TEST(Random, IsTheSameEverywhere) {
  Random random(1234567);  // the first outputs of Vigna's splitmix64.c for this state
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
}

TEST(Random, BelowReachesAllAndNoMore) {
  Random random(1);
  unsigned seen = 0;
  for (int i = 0; i < 1000; ++i) seen |= 1U << random.below(7);
  EXPECT_EQ(seen, 0x7fU);
}

TEST(Generate, IsValidAndWithoutExpectations) {
  Random random(1);
  for (int i = 0; i < 200000; ++i) {
    const Sequence sequence = generate(random);
    ASSERT_EQ(validate(sequence), std::nullopt) << to_text(sequence);
    ASSERT_EQ(decode(encode(sequence)), sequence) << to_text(sequence);
    for (const Operation& operation : sequence.operations) ASSERT_FALSE(operation.expect);
  }
}

TEST(Generate, IsDecidedByTheSeed) {
  Random one(7);
  Random same(7);
  Random other(8);
  EXPECT_EQ(generate(one), generate(same));
  EXPECT_NE(generate(one), generate(other));
}

// Of the sequences drawn, the share that `property` holds for.
template <typename Property>
double share(Property property) {
  constexpr int kCount = 20000;
  Random random(3);
  int holds = 0;
  for (int i = 0; i < kCount; ++i) holds += property(generate(random)) ? 1 : 0;
  return static_cast<double>(holds) / kCount;
}

bool any(const Sequence& sequence, bool (*property)(const Operation&)) {
  return std::any_of(sequence.operations.begin(), sequence.operations.end(), property);
}

bool has_delayed_hit_before_a_change(const Sequence& sequence) {
  bool delayed = false;
  for (const Operation& operation : sequence.operations) {
    if (delayed && operation.cpu.kind == Cpu::Kind::writer) return true;
    delayed |= operation.verb == Verb::hit && !operation.parks.empty();
  }
  return false;
}

// Whether tracepoint `tp` is the only one.
bool is_on_one(const Sequence& sequence, int tp) {
  return std::ranges::none_of(sequence.operations, [tp](const Operation& operation) {
    const bool has_none = operation.verb == Verb::sync || operation.verb == Verb::run;
    return !has_none && (operation.tp != tp || spans_tracepoints(operation));
  });
}

TEST(Generate, IsMostlyWorthRunning) {
  EXPECT_GT(share([](const Sequence& s) { return s.operations.size() >= 3 && s.operations.size() <= 8; }), 0.8);
  EXPECT_GT(share(has_delayed_hit_before_a_change), 0.5);
  EXPECT_GT(share([](const Sequence& s) { return s.operations[0].verb == Verb::register_probe; }), 0.7);
  EXPECT_GT(share([](const Sequence& s) { return is_on_one(s, 0) || is_on_one(s, kTracepointWithArguments); }), 0.85);
  EXPECT_GT(share([](const Sequence& s) { return is_on_one(s, kTracepointWithArguments); }), 0.08);
}

TEST(Generate, DrawsEverything) {
  EXPECT_GT(share([](const Sequence& s) { return s.operations.size() > 12; }), 0.01);
  const std::vector<bool (*)(const Operation&)> rarities = {
      [](const Operation& o) { return o.verb == Verb::sync; },
      [](const Operation& o) { return o.verb == Verb::run; },
      [](const Operation& o) { return o.verb == Verb::register_probe && o.probes == 0; },
      [](const Operation& o) { return std::popcount(o.probes) > 1; },
      [](const Operation& o) { return o.prio.has_value(); },
      [](const Operation& o) { return o.tp != 0; },
      [](const Operation& o) { return o.site != 0; },
      [](const Operation& o) { return o.nested.has_value(); },
      spans_tracepoints,
      [](const Operation& o) { return o.fail != 0; },
      [](const Operation& o) { return o.hook_fails; },
      [](const Operation& o) { return o.cpu == Cpu{Cpu::Kind::writer, 1}; },
      [](const Operation& o) { return o.cpu == Cpu{Cpu::Kind::reader, 1}; },
      [](const Operation& o) { return o.cpu.kind == Cpu::Kind::writer && !o.parks.empty(); },
      [](const Operation& o) { return o.verb == Verb::hit && o.parks.size() > 1; },
  };
  for (std::size_t i = 0; i < rarities.size(); ++i)
    EXPECT_GT(share([&](const Sequence& s) { return any(s, rarities[i]); }), 0.01) << "rarity " << i;
}

int count(const Sequence& sequence, Cpu::Kind kind) {
  return static_cast<int>(std::count_if(sequence.operations.begin(), sequence.operations.end(),
                                        [kind](const Operation& operation) { return operation.cpu.kind == kind; }));
}

TEST(Generate, KeepsToItsShape) {
  Random random(4);
  std::set<int> priorities;
  for (int i = 0; i < 20000; ++i) {
    const Sequence sequence = generate(free_shape(5, 3, 3, 2), random);
    ASSERT_EQ(validate(sequence), std::nullopt) << to_text(sequence);
    ASSERT_EQ(count(sequence, Cpu::Kind::writer), 5) << to_text(sequence);
    ASSERT_EQ(count(sequence, Cpu::Kind::reader), 2) << to_text(sequence);
    ASSERT_EQ(sequence.operations.size(), 7U) << to_text(sequence);
    for (const Operation& operation : sequence.operations) {
      Operation plain;
      plain.cpu.kind = operation.cpu.kind;
      plain.verb = operation.verb;
      plain.probes = operation.probes;
      plain.parks = operation.parks;
      ASSERT_EQ(operation, plain) << to_text(sequence);
      ASSERT_TRUE(operation.verb == Verb::hit || std::has_single_bit(operation.probes)) << to_text(sequence);
    }
    for (std::size_t slot = 0; slot < kMaxProbes; ++slot) {
      ASSERT_EQ(sequence.probes[slot].has_value(), slot < 3);
      if (sequence.probes[slot]) priorities.insert(sequence.probes[slot]->prio);
    }
  }
  EXPECT_EQ(priorities.size(), 3U);
}

// Any shape leaves a valid sequence, also one that has nothing to choose from and one that is full.
TEST(Generate, TakesTheSmallestAndTheLargestShape) {
  Shape largest;
  largest.operations = kMaxOperations / 2;
  largest.hits = kMaxOperations / 2 - 1;
  largest.probes = kMaxProbes;
  largest.priorities = kMaxProbes;
  largest.writers = kMaxWriters;
  largest.readers = kMaxReaders;
  largest.tracepoints = kMaxTracepoints;
  largest.sites = kMaxSites;
  largest.nested = true;
  largest.rarities = true;
  Random random(5);
  for (const Shape& shape : {Shape{}, largest})
    for (int i = 0; i < 1000; ++i) {
      const Sequence sequence = generate(shape, random);
      ASSERT_EQ(validate(sequence), std::nullopt) << to_text(sequence);
    }
}

// The schedules behind the kernel's commits, each soon: the writers' operations around a hit, and where it is delayed.
TEST(Generate, DrawsTheSchedulesOfTheKernelsMistakes) {
  const std::string_view probes =
      "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\nprobe c func=2 data=2 prio=30\n";
  const std::vector<std::string_view> schedules = {
      "w0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 register b\n",
      "w0 register a\nr0 hit park@loaded 2\nw0 register b\nw0 unregister a\n",
      "w0 register a\nw0 register b park@publish 1\nr0 hit\n",
      "w0 register a\nw0 register b\nr0 hit park@loaded 1\nw0 unregister b\n",
      "w0 register a\nw0 register b\nw0 register c\nr0 hit park@loaded 2\nw0 unregister c\nw0 unregister a\n",
      "w0 register a\nw0 register b\nw0 unregister b park@before-publish 1\nr0 hit park@loaded 1\n",
      "w0 register a\nr0 hit park@keyed 1 park@loaded 2\nw0 unregister a park@before-publish 1\nw0 register b\n",
  };
  for (const std::string_view schedule : schedules) {
    const std::string wanted = std::string(probes) + std::string(schedule);
    const int operations = static_cast<int>(std::count(schedule.begin(), schedule.end(), 'w'));  // of w0
    Random random(6);
    bool drawn = false;
    for (int i = 0; i < 20000 && !drawn; ++i)
      drawn = to_text(generate(free_shape(operations, 3, 3, 1), random)) == wanted;
    EXPECT_TRUE(drawn) << wanted;
  }
}

TEST(ProbeList, IsInTheOrderOfCalls) {
  const auto parsed = parse_text(
      "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\nprobe c func=2 data=2 prio=10\n"
      "w0 register a\nw0 register c\nw0 register b\nw0 register a prio=90\nw0 register c tp=1\nw0 unregister a,b\n"
      "w0 register a prio=30\nw0 unregister null\n");
  const auto& sequence = std::get<Sequence>(parsed);
  const std::vector<std::vector<int>> expected = {{}, {0}, {0, 2}, {1, 0, 2}, {1, 0, 2}, {1, 0, 2}, {2}, {0, 2}, {}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    std::vector<int> slots;
    for (const Registered& probe : probe_list(sequence, i, 0)) slots.push_back(probe.slot);
    EXPECT_EQ(slots, expected[i]) << i << " operations";
  }
}

}  // namespace
}  // namespace tpfuzz
