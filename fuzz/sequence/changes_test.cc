// What each change can and can't do. That each reaches what it is for is in mutate_test.cc.
#include "fuzz/sequence/changes.h"

#include <gtest/gtest.h>

#include <set>

#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/probe_set.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"

namespace tpfuzz {
namespace {

using Change = bool (*)(Sequence&, Random&);

struct NamedChange {
  const char* name;
  Change change;
};

const NamedChange kChanges[] = {
    {"insert_operation", insert_operation},
    {"duplicate_operation", duplicate_operation},
    {"remove_operation", remove_operation},
    {"swap_neighbours", swap_neighbours},
    {"move_operation", move_operation},
    {"add_park", add_park},
    {"remove_park", remove_park},
    {"change_park_point", change_park_point},
    {"nudge_park_nth", nudge_park_nth},
    {"nudge_park_events", nudge_park_events},
    {"change_cpu", change_cpu},
    {"change_verb", change_verb},
    {"change_named_probe", change_named_probe},
    {"change_batch", change_batch},
    {"change_property", change_property},
    {"change_declaration", change_declaration},
    {"remove_unused_declaration", remove_unused_declaration},
};

const std::string kProbes = "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=10\n";

Sequence parsed(const std::string& lines) {
  const auto result = parse_text(kProbes + lines);
  EXPECT_TRUE(std::holds_alternative<Sequence>(result)) << lines;
  return std::holds_alternative<Sequence>(result) ? std::get<Sequence>(result) : Sequence();
}

// All lines that `change` makes of `lines`, over many draws. Those draws in which it can't are left out.
std::set<std::string> made(Change change, const std::string& lines) {
  const Sequence from = parsed(lines);
  Random random(1);
  std::set<std::string> all;
  for (int i = 0; i < 2000; ++i) {
    Sequence sequence = from;
    if (change(sequence, random)) all.insert(to_text(sequence).substr(kProbes.size()));
  }
  return all;
}

using Made = std::set<std::string>;

TEST(Changes, EveryOneLeavesTheOperationsValid) {
  for (const auto& [name, change] : kChanges) {
    Random random(2);
    for (int i = 0; i < 20000; ++i) {
      Sequence sequence = generate(random);
      change(sequence, random);
      settle_probes(sequence);
      ASSERT_EQ(validate(sequence), std::nullopt) << name << "\n" << to_text(sequence);
    }
  }
}

TEST(Changes, OneThatCannotLeavesTheSequenceAsItWas) {
  for (const auto& [name, change] : kChanges) {
    Random random(3);
    for (int i = 0; i < 20000; ++i) {
      const Sequence before = generate(random);
      Sequence sequence = before;
      if (!change(sequence, random)) ASSERT_EQ(sequence, before) << name << "\n" << to_text(before);
    }
  }
}

TEST(Changes, WithoutOperationsAndProbesOnlyAnInsertionCan) {
  Random random(4);
  for (const auto& [name, change] : kChanges)
    for (int i = 0; i < 100; ++i) {
      Sequence sequence;
      ASSERT_EQ(change(sequence, random), change == &insert_operation) << name;
    }
}

TEST(Changes, AFullSequenceTakesNoLineMore) {
  Sequence full;
  full.operations.resize(kMaxOperations);
  for (Operation& operation : full.operations) operation.cpu.kind = Cpu::Kind::reader;
  Random random(5);
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(insert_operation(full, random));
    EXPECT_FALSE(duplicate_operation(full, random));
  }
}

TEST(Changes, AnOperationWithAllItsParksTakesNoParkMore) {
  Sequence sequence = parsed("r0 hit\n");
  sequence.operations[0].parks.resize(kMaxParks);
  Random random(6);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(add_park(sequence, random));
}

TEST(Changes, AnInsertionGoesToAnyPlaceAndKeepsTheOthers) {
  const Sequence from = parsed("r0 hit site=1\nr1 hit site=1\n");
  Random random(7);
  std::set<std::size_t> places;
  for (int i = 0; i < 1000; ++i) {
    Sequence sequence = from;
    ASSERT_TRUE(insert_operation(sequence, random));
    ASSERT_EQ(sequence.operations.size(), 3U);
    for (std::size_t place = 0; place < 3; ++place) {
      Sequence without = sequence;
      without.operations.erase(without.operations.begin() + static_cast<std::ptrdiff_t>(place));
      if (without == from) places.insert(place);
    }
  }
  EXPECT_EQ(places, (std::set<std::size_t>{0, 1, 2}));
}

TEST(Changes, AnInsertionKeepsToTheTracepointWithArguments) {
  const Sequence from = parsed("r0 hit tp=3\n");
  Random random(8);
  int on_it = 0;
  int on_first = 0;
  for (int i = 0; i < 2000; ++i) {
    Sequence sequence = from;
    insert_operation(sequence, random);
    for (const Operation& operation : sequence.operations) {
      on_it += operation.verb != Verb::sync && operation.verb != Verb::run && operation.tp == 3 ? 1 : 0;
      on_first += operation.verb != Verb::sync && operation.verb != Verb::run && operation.tp == 0 ? 1 : 0;
    }
  }
  EXPECT_GT(on_it - 2000, 10 * on_first);
}

TEST(Changes, ADuplicateIsOfAnyLineAtAnyPlace) {
  EXPECT_EQ(made(duplicate_operation, "r0 hit\nr1 hit\n"),
            (Made{"r0 hit\nr0 hit\nr1 hit\n", "r0 hit\nr1 hit\nr0 hit\n", "r1 hit\nr0 hit\nr1 hit\n",
                  "r0 hit\nr1 hit\nr1 hit\n"}));
}

TEST(Changes, ARemovalTakesAnyLine) {
  EXPECT_EQ(made(remove_operation, "r0 hit\nr1 hit\nr2 hit\n"),
            (Made{"r1 hit\nr2 hit\n", "r0 hit\nr2 hit\n", "r0 hit\nr1 hit\n"}));
}

TEST(Changes, ASwapIsOfTwoLinesThatFollowEachOther) {
  EXPECT_EQ(made(swap_neighbours, "r0 hit\nr1 hit\nr2 hit\n"),
            (Made{"r1 hit\nr0 hit\nr2 hit\n", "r0 hit\nr2 hit\nr1 hit\n"}));
}

TEST(Changes, AMoveTakesOneLineToAnyOtherPlace) {
  EXPECT_EQ(made(move_operation, "r0 hit\nr1 hit\nr2 hit\n"),
            (Made{"r1 hit\nr0 hit\nr2 hit\n", "r0 hit\nr2 hit\nr1 hit\n", "r1 hit\nr2 hit\nr0 hit\n",
                  "r2 hit\nr0 hit\nr1 hit\n"}));
}

TEST(Changes, OneLineHasNoOrder) {
  EXPECT_EQ(made(swap_neighbours, "r0 hit\n"), Made{});
  EXPECT_EQ(made(move_operation, "r0 hit\n"), Made{});
}

TEST(Changes, ANewParkGoesToAnyPlaceAmongTheOthers) {
  Sequence from = parsed("r0 hit park@keyed#9 100 park@loaded#9 100\n");
  Random random(9);
  std::set<std::size_t> places;
  for (int i = 0; i < 1000; ++i) {
    Sequence sequence = from;
    ASSERT_TRUE(add_park(sequence, random));
    const auto& parks = sequence.operations[0].parks;
    ASSERT_EQ(parks.size(), 3U);
    for (std::size_t place = 0; place < 3; ++place)
      if (parks[place].events < 100) places.insert(place);
  }
  EXPECT_EQ(places, (std::set<std::size_t>{0, 1, 2}));
}

TEST(Changes, AnyParkOfAnyLineIsRemoved) {
  EXPECT_EQ(made(remove_park, "r0 hit park@keyed 1 park@loaded 2\nr1 hit\nr2 hit park@called 3\n"),
            (Made{"r0 hit park@loaded 2\nr1 hit\nr2 hit park@called 3\n",
                  "r0 hit park@keyed 1\nr1 hit\nr2 hit park@called 3\n",
                  "r0 hit park@keyed 1 park@loaded 2\nr1 hit\nr2 hit\n"}));
}

TEST(Changes, ANudgeStaysWithinWhatAParkCanHave) {
  EXPECT_EQ(made(nudge_park_nth, "r0 hit park@called 9\n"), Made{"r0 hit park@called#2 9\n"});
  EXPECT_EQ(made(nudge_park_nth, "r0 hit park@called#16 9\n"), Made{"r0 hit park@called#15 9\n"});
  EXPECT_TRUE(made(nudge_park_nth, "r0 hit park@called#15 9\n").contains("r0 hit park@called#16 9\n"));
  EXPECT_EQ(made(nudge_park_events, "r0 hit park@called 1\n"), Made{"r0 hit park@called 2\n"});
  EXPECT_EQ(made(nudge_park_events, "r0 hit park@called 255\n"), Made{"r0 hit park@called 254\n"});
}

TEST(Changes, ANudgeIsOfOne) {
  EXPECT_EQ(made(nudge_park_events, "r0 hit park@called 7\n"),
            (Made{"r0 hit park@called 6\n", "r0 hit park@called 8\n"}));
}

TEST(Changes, ACpuBecomesAnyOtherOfItsKind) {
  EXPECT_EQ(made(change_cpu, "r1 hit\n"), (Made{"r0 hit\n", "r2 hit\n", "r3 hit\n"}));
  EXPECT_EQ(made(change_cpu, "w0 sync\n"), Made{"w1 sync\n"});
  EXPECT_EQ(made(change_cpu, "k0 run park@queued 1\n"), Made{}) << "there is no other";
}

TEST(Changes, OnlyRegistrationsAndRemovalsChangeTheVerbOrTheProbe) {
  for (const Change change : {change_verb, change_named_probe, change_batch})
    EXPECT_EQ(made(change, "r0 hit\nw0 sync\nk0 run park@queued 1\n"), Made{});
}

TEST(Changes, AVerbBecomesTheOtherAndDropsWhatOnlyTheFirstCanHave) {
  EXPECT_EQ(made(change_verb, "w1 register b prio=3 tp=1 fail=2 hook=fail park@begun 1\n"),
            Made{"w1 unregister b tp=1 fail=2 park@begun 1\n"});
  EXPECT_EQ(made(change_verb, "w0 unregister a,b tp=1, b tp=2\n"), Made{"w0 register a tp=1\n"});
}

TEST(Changes, ABatchGrowsAndShrinksOverLaterTracepointsOnly) {
  EXPECT_EQ(made(change_batch, "w0 unregister a tp=2, b tp=3\n"),
            (Made{"w0 unregister a tp=2, a,b tp=3\n", "w0 unregister a tp=2\n"}));
  EXPECT_EQ(made(change_batch, "w0 unregister a tp=3\n"), Made{}) << "there is no later one";
  EXPECT_EQ(made(change_batch, "w0 unregister null\n"), Made{});
  EXPECT_EQ(made(change_batch, "w0 register a\n"), Made{});
}

TEST(Changes, TheFlagOfAPropertyIsSetAndTakenBack) {
  EXPECT_TRUE(made(change_property, "w0 register a\n").contains("w0 register a hook=fail\n"));
  EXPECT_TRUE(made(change_property, "w0 register a hook=fail\n").contains("w0 register a\n"));
}

TEST(Changes, APropertyIsOneThatTheOperationCanHave) {
  EXPECT_EQ(made(change_property, "w0 sync\nk0 run park@queued 1\n"), Made{});
  EXPECT_EQ(made(change_property, "r0 hit\n"),
            (Made{"r0 hit tp=1\n", "r0 hit tp=2\n", "r0 hit tp=3\n", "r0 hit site=1\n", "r0 hit nested=1\n",
                  "r0 hit nested=2\n", "r0 hit nested=3\n"}));
}

TEST(Changes, ADeclarationOfAnUndeclaredProbeStaysAway) {
  Random random(10);
  for (int i = 0; i < 1000; ++i) {
    Sequence sequence = parsed("");
    change_declaration(sequence, random);
    for (std::size_t slot = 2; slot < kMaxProbes; ++slot) ASSERT_FALSE(sequence.probes[slot]);
  }
}

TEST(Changes, ADeclarationThatAnyTracepointOfABatchNamesIsKept) {
  Random random(11);
  for (int i = 0; i < 1000; ++i) {
    Sequence sequence = parsed("w0 unregister a tp=0, b tp=1\n");
    ASSERT_FALSE(remove_unused_declaration(sequence, random));
  }
}

TEST(Changes, ADeclarationThatNoOperationNamesGoes) {
  Random random(12);
  bool gone = false;
  for (int i = 0; i < 1000 && !gone; ++i) {
    Sequence sequence = parsed("w0 register b\n");
    if (!remove_unused_declaration(sequence, random)) continue;
    gone = !sequence.probes[0];
    ASSERT_TRUE(sequence.probes[1]);
  }
  EXPECT_TRUE(gone);
}

}  // namespace
}  // namespace tpfuzz
