#include "fuzz/sequence/domains.h"

#include <gtest/gtest.h>

#include <string>

#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/mutate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"

namespace tpfuzz {
namespace {

Sequence parse(const std::string& lines) {
  const auto parsed = parse_text("tpfuzz 1\nprobe a func=0 data=0\n" + lines);
  return std::get<Sequence>(parsed);
}

TEST(Domains, ATracepointIsUsedByWhoHitsOrChangesIt) {
  EXPECT_EQ(used_tracepoints(parse("w0 sync\nk0 run\n")), 0);
  EXPECT_EQ(used_tracepoints(parse("r0 hit tp=1 nested=3\n")), 0b1010);
  EXPECT_EQ(used_tracepoints(parse("w0 unregister a tp=1, a tp=2\nw0 register a\n")), 0b111);
}

TEST(Domains, ASyncCoversTheReadersOfTheUsedTracepoints) {
  for (const char* covered :
       {"w0 sync\nr0 hit\nr1 hit tp=1\n", "w0 sync rcu\nr0 hit\n", "w0 sync tasks\nr0 hit tp=1\n", "r0 hit nested=1\n",
        "w0 sync rcu\n", "w0 free a\n", "w0 free a after tasks\nr0 hit tp=1\n",
        "w0 free a after rcu tasks\nr0 hit\nr0 hit tp=1\n"})
    EXPECT_TRUE(waits_cover_readers(parse("tracepoint 1 faultable\n" + std::string(covered)))) << covered;
  for (const char* wrong :
       {"w0 sync tasks\nr0 hit\n", "w0 sync\nw0 sync rcu\nr0 hit tp=1\n", "w0 sync tasks\nr0 hit nested=1\n",
        "w0 free a\nr0 hit\n", "w0 free a after tasks\nr0 hit\n", "w0 free a after rcu\nr0 hit tp=1\n"})
    EXPECT_FALSE(waits_cover_readers(parse("tracepoint 1 faultable\n" + std::string(wrong)))) << wrong;
}

TEST(Domains, CoveringWaitsForWhoIsMissingToo) {
  const auto covered = [](const std::string& lines) {
    Sequence sequence = parse("tracepoint 1 faultable\nw0 register a\nr0 hit tp=1\n" + lines);
    cover_readers(sequence);
    EXPECT_TRUE(waits_cover_readers(sequence));
    return operation_text(sequence, sequence.operations.size() - 1);
  };
  EXPECT_EQ(covered("w0 sync rcu\n"), "sync");
  EXPECT_EQ(covered("w0 free a\n"), "free a after rcu tasks");
  EXPECT_EQ(covered("w0 free a after tasks\n"), "free a after rcu tasks");
}

TEST(Domains, DrawnReadersAreOfUsedTracepointsAndOfAllKinds) {
  Random random(1);
  int faultable = 0, mixed = 0;
  for (int i = 0; i < 10'000; ++i) {
    Sequence sequence = generate(random);
    draw_readers(sequence, random);
    ASSERT_EQ(validate(sequence), std::nullopt);
    const Faultable used = used_tracepoints(sequence);
    ASSERT_EQ(sequence.faultable & ~used, 0) << to_text(sequence);
    faultable += sequence.faultable != 0;
    mixed += sequence.faultable != 0 && sequence.faultable != used;
  }
  EXPECT_GT(faultable, 8'000);
  EXPECT_LT(faultable, 10'000);
  EXPECT_GT(mixed, 500);
}

TEST(Domains, AChangeIsOfOneTracepoint) {
  Sequence none = parse("w0 sync\n");
  Random random(1);
  EXPECT_FALSE(change_readers(none, random));
  Sequence sequence = parse("r0 hit tp=2\n");
  EXPECT_TRUE(change_readers(sequence, random));
  EXPECT_EQ(sequence.faultable, 0b100);
  EXPECT_TRUE(change_readers(sequence, random));
  EXPECT_EQ(sequence.faultable, 0);
}

// What a search without them has drawn, it draws still.
TEST(Domains, GenerateAndMutateDrawNone) {
  Random random(1);
  Sequence sequence;
  for (int i = 0; i < 10'000; ++i) {
    if (i % 20 == 0) sequence = generate(random);
    mutate(sequence, random);
    ASSERT_EQ(sequence.faultable, 0);
    for (const Operation& operation : sequence.operations) ASSERT_EQ(operation.domain, std::nullopt);
  }
}

TEST(Domains, ChangesKeepThem) {
  Random random(1);
  Sequence sequence = parse("tracepoint 1 faultable\nr0 hit tp=1\n");
  for (int i = 0; i < 100; ++i) mutate(sequence, random);
  EXPECT_EQ(sequence.faultable, 0b10);
  EXPECT_EQ(cross_over(sequence, parse("tracepoint 3 faultable\nr0 hit tp=3\n"), random).faultable, 0b1010);
}

}  // namespace
}  // namespace tpfuzz
