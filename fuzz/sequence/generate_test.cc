#include "fuzz/sequence/generate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "fuzz/sequence/binary.h"
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

TEST(Generate, IsMostlyWorthRunning) {
  EXPECT_GT(share([](const Sequence& s) { return s.operations.size() <= 8; }), 0.8);
  EXPECT_GT(share(has_delayed_hit_before_a_change), 0.5);
  EXPECT_GT(share([](const Sequence& s) { return s.operations[0].verb == Verb::register_probe; }), 0.7);
  EXPECT_GT(share([](const Sequence& s) { return !any(s, [](const Operation& o) { return o.tp != 0; }); }), 0.85);
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

}  // namespace
}  // namespace tpfuzz
