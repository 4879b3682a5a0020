#include "fuzz/sequence/keys.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/mutate.h"
#include "fuzz/sequence/validate.h"

namespace tpfuzz {
namespace {

int count(const Sequence& sequence, Verb verb) {
  return static_cast<int>(std::ranges::count(sequence.operations, verb, &Operation::verb));
}

bool delays_a_registration(const Sequence& sequence) {
  return std::ranges::any_of(sequence.operations, [](const Operation& operation) {
    return !changes_key(operation.verb) &&
           std::ranges::any_of(operation.parks, [](const Park& park) { return park.point == tp::Point::counted; });
  });
}

TEST(Keys, DrawnAreMostlyAsManyReleasesAsHolds) {
  Random random(1);
  int balanced = 0, delayed = 0;
  constexpr int kDraws = 2'000;
  for (int i = 0; i < kDraws; ++i) {
    Sequence sequence = generate(random);
    draw_key_changes(sequence, random);
    ASSERT_EQ(validate(sequence), std::nullopt);
    ASSERT_GT(count(sequence, Verb::key_inc), 0);
    balanced += count(sequence, Verb::key_inc) == count(sequence, Verb::key_dec);
    delayed += delays_a_registration(sequence);
  }
  EXPECT_GT(balanced, kDraws / 2);
  EXPECT_LT(balanced, kDraws);
  EXPECT_GT(delayed, 0);
}

TEST(Keys, ChangesAddThemAndTurnThemRound) {
  Random random(1);
  Sequence sequence = generate(random);
  int incs = 0, decs = 0, delayed = 0;
  for (int i = 0; i < 2'000; ++i) {
    change_key_changes(sequence, random);
    incs += count(sequence, Verb::key_inc);
    decs += count(sequence, Verb::key_dec);
    delayed += delays_a_registration(sequence);
    if (sequence.operations.size() > 20) sequence = generate(random);
  }
  EXPECT_GT(incs, 0);
  EXPECT_GT(decs, 0);
  EXPECT_GT(delayed, 0);
}

// What a search without them has drawn, it draws still; and what has them keeps them.
TEST(Keys, GenerateAndMutateDrawNone) {
  Random random(1);
  Sequence sequence;
  for (int i = 0; i < 10'000; ++i) {
    if (i % 20 == 0) sequence = generate(random);
    mutate(sequence, random);
    ASSERT_EQ(count(sequence, Verb::key_inc) + count(sequence, Verb::key_dec), 0);
    ASSERT_FALSE(delays_a_registration(sequence));
  }
}

TEST(Keys, AFullSequenceStaysAsLong) {
  Random random(1);
  Sequence sequence;
  sequence.operations.resize(kMaxOperations);
  for (Operation& operation : sequence.operations) operation.cpu.kind = Cpu::Kind::reader;
  draw_key_changes(sequence, random);
  EXPECT_EQ(sequence.operations.size(), std::size_t{kMaxOperations});
  for (int i = 0; i < 100; ++i) change_key_changes(sequence, random);
  EXPECT_EQ(sequence.operations.size(), std::size_t{kMaxOperations});
}

}  // namespace
}  // namespace tpfuzz
