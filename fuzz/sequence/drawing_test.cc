#include "fuzz/sequence/drawing.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "fuzz/sequence/domains.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"

namespace tpfuzz {
namespace {

Sequence parse(const std::string& lines) {
  const auto parsed = parse_text("tpfuzz 1\nprobe a func=0 data=0\nprobe b func=1 data=1\n" + lines);
  return std::get<Sequence>(parsed);
}

bool has_key_changes(const Sequence& sequence) {
  return std::ranges::any_of(sequence.operations,
                             [](const Operation& operation) { return changes_key(operation.verb); });
}

// What is drawn and changed is valid, can be run, and has what was asked for and nothing else.
TEST(Drawing, HasWhatWasAskedFor) {
  for (const Drawing drawing : {Drawing{}, Drawing{.both_readers = true}, Drawing{.many_traps = true},
                                Drawing{.key_users = true}, Drawing{.both_readers = true, .key_users = true}}) {
    Random random(1);
    int faultable = 0;
    int key_changes = 0;
    Sequence sequence;
    for (int i = 0; i < 2000; ++i) {
      if (sequence.operations.empty() || i % 5 == 0)
        sequence = drawing.draw(random);
      else
        drawing.change(sequence, random);
      check_valid(sequence);
      Sequence runs = sequence;
      ASSERT_TRUE(drawing.make_runnable(runs)) << to_text(sequence);
      faultable += sequence.faultable != 0;
      key_changes += has_key_changes(sequence);
    }
    EXPECT_EQ(faultable > 0, drawing.both_readers);
    EXPECT_EQ(key_changes > 0, drawing.key_users);
  }
}

TEST(Drawing, RunsNoMistakeOfTheSequence) {
  Sequence faultable = parse("tracepoint 0 faultable\nw0 register a\nr0 hit\n");
  EXPECT_FALSE(Drawing{}.make_runnable(faultable));
  EXPECT_TRUE(Drawing{.both_readers = true}.make_runnable(faultable));
  Sequence wrong_wait = parse("w0 register a\nr0 hit\nw0 sync tasks\n");
  EXPECT_FALSE(Drawing{.both_readers = true}.make_runnable(wrong_wait));
}

TEST(Drawing, WhatIsRunExpectsNothingAndDeclaresWhatItUses) {
  Sequence runs = parse("tracepoint 1 faultable\nw0 register a -> EEXIST\n");
  ASSERT_TRUE(Drawing{}.make_runnable(runs));
  EXPECT_EQ(to_text(runs), "tpfuzz 1\nprobe a func=0 data=0 prio=10\nw0 register a\n");
}

TEST(Drawing, WhatIsChangedIsWithoutOthers) {
  const Sequence all = parse("tracepoint 0 faultable\nw0 key inc\nw0 register a\nr0 hit\nw0 sync tasks\n");
  Sequence ordinary = all;
  Drawing{}.take_out_others(ordinary);
  EXPECT_EQ(ordinary.faultable, 0);
  EXPECT_FALSE(has_key_changes(ordinary));
  EXPECT_TRUE(waits_cover_readers(ordinary));
  Sequence changed = all;
  Drawing{.both_readers = true, .key_users = true}.take_out_others(changed);
  EXPECT_TRUE(has_key_changes(changed));
}

}  // namespace
}  // namespace tpfuzz
