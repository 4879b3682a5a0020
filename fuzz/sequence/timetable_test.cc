#include "fuzz/sequence/timetable.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

// b comes in front of a.
Sequence parsed(const std::string& lines) {
  const auto result = parse_text("tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\n" + lines);
  EXPECT_TRUE(std::holds_alternative<Sequence>(result)) << lines;
  return std::holds_alternative<Sequence>(result) ? std::get<Sequence>(result) : Sequence();
}

Shape readers(int count) {
  Shape shape;
  shape.readers = count;
  return shape;
}

// The lines as "w0 1, r0 2": of each its CPU, and how many events its delays last, wherever they are.
std::string outline(const Sequence& sequence) {
  std::string lines;
  for (const Operation& operation : sequence.operations) {
    if (!lines.empty()) lines += ", ";
    lines += cpu_name(operation.cpu);
    for (const Park& park : operation.parks) lines += ' ' + std::to_string(park.events);
  }
  return lines;
}

using Outlines = std::set<std::string>;

// The outlines of all that `add` makes over the operations of writers `lines`.
template <class Add>
Outlines laid_over(const std::string& lines, Add add) {
  const Sequence writers = parsed(lines);
  Random random(1);
  Outlines all;
  for (int i = 0; i < 5000; ++i) {
    Timetable timetable(writers, false);
    add(timetable, random);
    all.insert(outline(timetable.sequence(random)));
  }
  return all;
}

Outlines with_hits(const std::string& lines, int hits, int of_readers, bool delayed) {
  return laid_over(lines, [&](Timetable& timetable, Random& random) {
    for (int i = 0; i < hits; ++i) timetable.add_hit(readers(of_readers), delayed, random);
  });
}

const std::string kComesAndGoes = "w0 register a\nw0 unregister a\n";

TEST(Timetable, WithoutHitsTheOperationsStayAsTheyAre) {
  const Sequence writers = parsed("w0 register a\nw1 register b prio=3\nw0 sync\n");
  Random random(2);
  EXPECT_EQ(Timetable(writers, true).sequence(random), writers);
}

TEST(Timetable, ADelayedHitLastsFromEachMomentToEachLaterOne) {
  EXPECT_EQ(with_hits(kComesAndGoes, 1, 1, true),
            (Outlines{
                "w0, r0 1, w0",      // from before the removal until it is done
                "w0, r0 1, w0 1",    // until it is in its middle
                "w0, r0 1 1, w0 1",  // until it is done, and one act in its middle
                "w0, w0 1, r0 1",    // from its middle until it is done
            }));
}

TEST(Timetable, NoHitIsDelayedFromWhereNothingIsRegistered) {
  for (const std::string& lines : with_hits("w0 register a\nw0 unregister a\nw0 register b\n", 1, 1, true))
    EXPECT_TRUE(lines.starts_with("w0, r0") || lines.starts_with("w0, w0 1, r0")) << lines;
}

TEST(Timetable, APassingHitIsInTheMiddleOfAnOperation) {
  EXPECT_EQ(with_hits(kComesAndGoes, 1, 1, false), Outlines{"w0, w0 1, r0"});
}

TEST(Timetable, AHitWithoutAMomentWorthItComesLast) {
  EXPECT_EQ(with_hits("w0 register a\n", 1, 1, false), Outlines{"w0, r0"});
  EXPECT_EQ(with_hits("", 1, 1, true), Outlines{"r0"});
}

TEST(Timetable, AnOperationWaitsForAllThatActInItsMiddle) {
  EXPECT_EQ(with_hits(kComesAndGoes, 3, 1, false), Outlines{"w0, w0 3, r0, r0, r0"});
}

TEST(Timetable, HitsOfOneReaderDoNotOverlap) {
  EXPECT_EQ(with_hits(kComesAndGoes, 2, 1, true),
            (Outlines{
                "w0, r0 1, w0, r0",      // the second comes behind the first
                "w0, r0 1 1, w0 1, r0",  // likewise
                "w0, r0 1, w0 2, r0 1",  // the first ends where the second begins, in the middle of the removal
            }));
}

TEST(Timetable, HitsOfTwoReadersMayOverlap) {
  const Outlines all = with_hits(kComesAndGoes, 2, 2, true);
  EXPECT_TRUE(std::ranges::any_of(all, [](const std::string& lines) {
    return lines.starts_with("w0, r0 1, r1") || lines.starts_with("w0, r1 1, r0");
  }));
}

// The delays of one hit over a registration of b in front of a: the share in which `property` holds for the drawn hit.
template <class Property>
double share(const Shape& shape, bool delayed, bool accesses, Property property) {
  constexpr int kDraws = 20000;
  const Sequence writers = parsed("w0 register a\nw0 register b\n");
  Random random(3);
  int holds = 0;
  for (int i = 0; i < kDraws; ++i) {
    Timetable timetable(writers, accesses);
    timetable.add_hit(shape, delayed, random);
    holds += property(timetable.sequence(random)) ? 1 : 0;
  }
  return static_cast<double>(holds) / kDraws;
}

bool is_parked_at(const Sequence& sequence, Cpu::Kind kind, auto is_point) {
  return std::ranges::any_of(sequence.operations, [&](const Operation& operation) {
    return operation.cpu.kind == kind && std::ranges::any_of(operation.parks, is_point, &Park::point);
  });
}

auto at(tp::Point wanted) {
  return [wanted](tp::Point point) { return point == wanted; };
}

TEST(Timetable, ADelayedHitIsMostlyDelayedAfterLoading) {
  EXPECT_GT(share(readers(1), true, false,
                  [](const Sequence& lines) { return is_parked_at(lines, Cpu::Kind::reader, at(tp::Point::loaded)); }),
            0.7);
}

TEST(Timetable, AWriterHoldsAHitThatStaysBeforeItsPublicationMostly) {
  const auto stays = [](const Sequence& lines) { return outline(lines) == "w0, w0 1, r0 1"; };
  const auto before = [&](const Sequence& lines) {
    return stays(lines) && is_parked_at(lines, Cpu::Kind::writer, at(tp::Point::before_publish));
  };
  EXPECT_GT(share(readers(1), true, false, before) / share(readers(1), true, false, stays), 0.8);
}

TEST(Timetable, APassingHitComesAfterAWriteThatReadersTellApartMostly) {
  EXPECT_GT(share(readers(1), false, false,
                  [](const Sequence& lines) {
                    return is_parked_at(lines, Cpu::Kind::writer, at(tp::Point::publish)) ||
                           is_parked_at(lines, Cpu::Kind::writer, at(tp::Point::update_call));
                  }),
            0.8);
}

TEST(Timetable, DelaysAreAtAccessesOnlyIfTheyMayBe) {
  const auto at_access = [](const Sequence& lines) {
    return is_parked_at(lines, Cpu::Kind::reader, tp::is_access) ||
           is_parked_at(lines, Cpu::Kind::writer, tp::is_access);
  };
  EXPECT_EQ(share(readers(1), true, false, at_access), 0);
  EXPECT_GT(share(readers(1), true, true, at_access), 0.1);
}

TEST(Timetable, ANestingHitIsSometimesDelayedInsideTheNestedHit) {
  Shape shape = readers(1);
  shape.tracepoints = 2;
  shape.nested = true;
  const auto inside = [](const Operation& hit) {
    return hit.nested &&
           std::ranges::find(hit.parks, Park{tp::Point::loaded, 2, hit.parks.back().events}) != hit.parks.end();
  };
  const Sequence writers = parsed("w0 register a\nw0 register b\n");
  Random random(4);
  int found = 0;
  for (int i = 0; i < 1000; ++i) {
    Timetable timetable(writers, false);
    timetable.add_hit(shape, true, random);
    for (const Operation& line : timetable.sequence(random).operations)
      found += line.verb == Verb::hit && !line.parks.empty() && inside(line) ? 1 : 0;
  }
  EXPECT_GT(found, 20);
}

// Operation 1 waits, 2 and 3 come meanwhile.
const std::string kFive = "w0 register a\nw0 register b\nw1 unregister a\nw1 register a\nw0 unregister b\n";

TEST(Timetable, HitsOverAWaitBeginAtEachOfTheirMoments) {
  const Outlines all = laid_over(
      kFive, [](Timetable& timetable, Random& random) { timetable.add_hits_over_wait(readers(2), 1, random); });
  EXPECT_EQ(all,
            (Outlines{
                // r0 begins in the middle of operation 0, and leaves when operation 3 is done, or in the middle of 4
                "w0 1, r0 6, w0, w1 1, r1 4, w1, w0",
                "w0 1, r0 7, w0, w1 1, r1 5, w1, w0 1",
                "w0 1, r0 5, w0, w1, r1 3, w1, w0",
                "w0 1, r0 6, w0, w1, r1 4, w1, w0 1",
                // when operation 0 is done
                "w0, r0 5, w0, w1 1, r1 4, w1, w0",
                "w0, r0 6, w0, w1 1, r1 5, w1, w0 1",
                "w0, r0 4, w0, w1, r1 3, w1, w0",
                "w0, r0 5, w0, w1, r1 4, w1, w0 1",
                // in the middle of operation 1
                "w0, w0 1, r0 5, w1 1, r1 4, w1, w0",
                "w0, w0 1, r0 6, w1 1, r1 5, w1, w0 1",
                "w0, w0 1, r0 4, w1, r1 3, w1, w0",
                "w0, w0 1, r0 5, w1, r1 4, w1, w0 1",
            }));
}

TEST(Timetable, ADelayOverAWaitEndsWithTheLastOperation) {
  const std::string four = "w0 register a\nw0 register b\nw1 unregister a\nw1 register a\n";
  const Outlines all = laid_over(
      four, [](Timetable& timetable, Random& random) { timetable.add_hits_over_wait(readers(2), 1, random); });
  EXPECT_EQ(all,
            (Outlines{"w0 1, r0 6, w0, w1 1, r1 2, w1", "w0 1, r0 5, w0, w1, r1 1, w1", "w0, r0 5, w0, w1 1, r1 2, w1",
                      "w0, r0 4, w0, w1, r1 1, w1", "w0, w0 1, r0 5, w1 1, r1 2, w1", "w0, w0 1, r0 4, w1, r1 1, w1"}));
}

TEST(Timetable, WhatItMakesIsValid) {
  const Sequence writers = parsed(kFive);
  Shape shape = readers(3);
  shape.tracepoints = kMaxTracepoints;
  shape.sites = kMaxSites;
  shape.nested = true;
  Random random(5);
  for (int i = 0; i < 20000; ++i) {
    Timetable timetable(writers, i % 2 == 0);
    for (int hits = i % 5; hits > 0; --hits) timetable.add_hit(shape, hits % 2 == 0, random);
    const Sequence sequence = timetable.sequence(random);
    ASSERT_EQ(validate(sequence), std::nullopt) << to_text(sequence);
  }
}

TEST(Timetable, TheLinesOfWritersKeepTheirOrder) {
  const Sequence writers = parsed(kFive);
  Random random(6);
  for (int i = 0; i < 2000; ++i) {
    Timetable timetable(writers, true);
    for (int hits = 0; hits < 4; ++hits) timetable.add_hit(readers(2), hits % 2 == 0, random);
    Sequence sequence = timetable.sequence(random);
    auto& operations = sequence.operations;
    ASSERT_EQ(operations.size(), writers.operations.size() + 4) << to_text(sequence);
    operations.erase(std::remove_if(operations.begin(), operations.end(),
                                    [](const Operation& line) { return line.verb == Verb::hit; }),
                     operations.end());
    for (Operation& line : operations) line.parks.clear();
    ASSERT_EQ(sequence, writers) << to_text(sequence);
  }
}

}  // namespace
}  // namespace tpfuzz
