#include "fuzz/sequence/traps.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

bool is_in_trap(const Park& park) { return (tp::row(park.point).touches & tp::touched::trap) != 0; }

TEST(Traps, ADrawnTrapIsAHitUnderAPatchOfItsTracepoint) {
  Random random(1);
  int drawn = 0, at_entry = 0, at_load = 0;
  for (int i = 0; i < 10'000; ++i) {
    Sequence sequence = generate(random);
    const Sequence before = sequence;
    if (!draw_trap(sequence, random)) {
      EXPECT_EQ(sequence, before);
      continue;
    }
    ++drawn;
    ASSERT_EQ(sequence.operations.size(), before.operations.size() + 1);
    const auto inserted = std::ranges::find_if(sequence.operations, [](const Operation& operation) {
      return operation.verb == Verb::hit && std::ranges::any_of(operation.parks, is_in_trap);
    });
    ASSERT_NE(inserted, sequence.operations.end());
    const Operation& change = *(inserted - 1);
    EXPECT_TRUE(changes_probes(change.verb));
    EXPECT_EQ(change.tp, inserted->tp);
    EXPECT_FALSE(change.parks.empty());
    for (const Park& park : inserted->parks) (park.point == tp::Point::trapped_in ? at_entry : at_load) += 1;
    EXPECT_EQ(decode(encode(sequence)), sequence);
  }
  EXPECT_GT(drawn, 9'000);
  EXPECT_GT(at_entry, drawn / 4);
  EXPECT_GT(at_load, drawn / 4);
}

TEST(Traps, WithoutAChangeOrRoomThereIsNone) {
  Random random(2);
  Sequence sequence = std::get<Sequence>(parse_text("tpfuzz 1\nr0 hit\nw0 sync\n"));
  EXPECT_FALSE(draw_trap(sequence, random));
  sequence.operations.clear();
  EXPECT_FALSE(draw_trap(sequence, random));
  Operation change;
  change.verb = Verb::unregister_probe;
  sequence.operations.assign(kMaxOperations, change);
  EXPECT_FALSE(draw_trap(sequence, random));
}

TEST(Traps, TheTextHasThePointsForHitsAlone) {
  const std::string text =
      "tpfuzz 1\n"
      "probe a func=0 data=0 prio=10\n"
      "w0 register a park@trapped#2 1\n"
      "r0 hit park@trapped-in 1 park@load-pending#3 2\n";
  const auto parsed = parse_text(text);
  ASSERT_TRUE(std::holds_alternative<Sequence>(parsed));
  EXPECT_EQ(to_text(std::get<Sequence>(parsed)), text);
  const auto of_writer = parse_text("tpfuzz 1\nw0 unregister null park@trapped-in 1\n");
  ASSERT_TRUE(std::holds_alternative<Error>(of_writer));
  EXPECT_EQ(std::get<Error>(of_writer).line, 2);
}

}  // namespace
}  // namespace tpfuzz
