#include "fuzz/sequence/draw.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <map>
#include <set>

#include "fuzz/sequence/probe_set.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

constexpr int kDraws = 20000;

// Three probes: b comes in front of a, c in front of both.
Sequence parsed(const std::string& lines) {
  const auto result = parse_text(
      "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\nprobe c func=2 data=2 prio=30\n" +
      lines);
  EXPECT_TRUE(std::holds_alternative<Sequence>(result)) << lines;
  return std::holds_alternative<Sequence>(result) ? std::get<Sequence>(result) : Sequence();
}

// Of as many draws, the share that `property` holds for.
template <class Draw, class Property>
double share(Draw draw, Property property) {
  Random random(1);
  int holds = 0;
  for (int i = 0; i < kDraws; ++i) holds += property(draw(random)) ? 1 : 0;
  return static_cast<double>(holds) / kDraws;
}

TEST(Draw, GeometricHalvesTheRestEachTime) {
  const auto draw = [](Random& random) { return draw_geometric(3, 9, random); };
  EXPECT_NEAR(share(draw, [](int value) { return value == 3; }), 0.5, 0.02);
  EXPECT_NEAR(share(draw, [](int value) { return value == 4; }), 0.25, 0.02);
  EXPECT_NEAR(share(draw, [](int value) { return value == 5; }), 0.125, 0.02);
}

TEST(Draw, GeometricKeepsToItsBounds) {
  Random random(2);
  std::set<int> drawn;
  for (int i = 0; i < kDraws; ++i) drawn.insert(draw_geometric(3, 6, random));
  EXPECT_EQ(drawn, (std::set{3, 4, 5, 6}));
  for (int i = 0; i < 100; ++i) ASSERT_EQ(draw_geometric(7, 7, random), 7);
}

TEST(Draw, PrioritiesAreMostlyOneOfFew) {
  const std::set<std::int32_t> few = {10, 20, 30, 40};
  EXPECT_GT(share(draw_priority, [&](std::int32_t prio) { return few.contains(prio); }), 0.8);
}

TEST(Draw, EveryExtremePriorityComes) {
  Random random(3);
  std::set<std::int32_t> drawn;
  for (int i = 0; i < kDraws; ++i) drawn.insert(draw_priority(random));
  for (const std::int32_t extreme : kExtremePriorities) EXPECT_TRUE(drawn.contains(extreme)) << extreme;
}

constexpr Verb kAllVerbs[] = {Verb::register_probe, Verb::unregister_probe, Verb::sync, Verb::hit, Verb::run,
                              Verb::free_probe};

std::set<tp::Point> set_of(std::span<const tp::Point> points) { return {points.begin(), points.end()}; }

TEST(Draw, ParksAreAtEveryPointOfTheVerbAndNoOther) {
  Random random(4);
  for (const Verb verb : kAllVerbs) {
    std::set<tp::Point> drawn;
    for (int i = 0; i < kDraws; ++i) drawn.insert(draw_park(verb, random).point);
    EXPECT_EQ(drawn, set_of(drawn_points_of(verb))) << verb_name(verb);
  }
}

TEST(Draw, AccessParksAreAtEveryAccessOfTheVerbOutsideOfTrapsAndTrapParksAtTheRest) {
  Random random(5);
  std::set<tp::Point> in_traps;
  for (int i = 0; i < kDraws; ++i) in_traps.insert(draw_trap_park(random).point);
  EXPECT_EQ(in_traps, set_of(trap_accesses_of(Verb::hit)));
  for (const Verb verb : kAllVerbs) {
    if (accesses_of(verb).empty()) continue;
    std::set<tp::Point> drawn;
    for (int i = 0; i < kDraws; ++i) drawn.insert(draw_access_park(verb, random).point);
    if (verb == Verb::hit) {
      EXPECT_EQ(drawn, (std::set{tp::Point::load_funcs, tp::Point::load_entry}));
      drawn.merge(in_traps);
    }
    EXPECT_EQ(drawn, set_of(accesses_of(verb))) << verb_name(verb);
  }
}

TEST(Draw, ParksAreShortAndMostlyAtTheFirstPassing) {
  const auto draw = [](Random& random) { return draw_park(Verb::hit, random); };
  EXPECT_GT(share(draw, [](const Park& park) { return park.nth == 1; }), 0.8);
  EXPECT_GT(share(draw, [](const Park& park) { return park.events <= 2; }), 0.7);
  EXPECT_EQ(share(draw, [](const Park& park) { return park.nth < 1 || park.nth > 4; }), 0);
  EXPECT_EQ(share(draw, [](const Park& park) { return park.events < 1 || park.events > 8; }), 0);
}

TEST(Draw, AccessParksReachTheLastPassingThatAParkCanHave) {
  Random random(6);
  std::set<int> passings;
  for (int i = 0; i < 40 * kDraws; ++i) passings.insert(draw_access_park(Verb::hit, random).nth);
  EXPECT_EQ(*passings.begin(), 1);
  EXPECT_EQ(*passings.rbegin(), kMaxNth);
}

// The next operation of a writer behind `lines`, drawn with `shape`.
auto after(const std::string& lines, const Shape& shape) {
  return [sequence = parsed(lines), shape](Random& random) {
    return draw_writer_operation(sequence, sequence.operations.size(), shape, random);
  };
}

Shape rare_shape() {
  Shape shape;
  shape.rarities = true;
  return shape;
}

bool registers(const Operation& operation) { return operation.verb == Verb::register_probe; }
bool unregisters(const Operation& operation) { return operation.verb == Verb::unregister_probe; }

TEST(Draw, AWriterMostlyRegistersWhereNothingIsRegistered) {
  EXPECT_GT(share(after("", Shape()), registers), 0.9);
  EXPECT_GT(share(after("w0 register a\nw0 unregister a\n", Shape()), registers), 0.9);
}

TEST(Draw, AWriterMostlyUnregistersWhereAllIsRegistered) {
  EXPECT_GT(share(after("w0 register a\nw0 register b\nw0 register c\n", Shape()), unregisters), 0.9);
}

TEST(Draw, ARemovalNamesWhatIsRegistered) {
  Random random(7);
  const auto draw = after("w0 register a\nw0 register c\n", Shape());
  std::set<int> removed;
  for (int i = 0; i < kDraws; ++i)
    if (const Operation operation = draw(random); unregisters(operation)) removed.insert(operation.probes);
  EXPECT_EQ(removed, (std::set{0b001, 0b100}));
}

// Of the registrations that `draw` draws, the share that names `probe`.
double share_that_names(unsigned probe, auto draw) {
  const auto names = [&](const Operation& operation) { return registers(operation) && operation.probes == probe; };
  return share(draw, names) / share(draw, registers);
}

TEST(Draw, ARegistrationMostlyNamesWhatIsMissing) {
  EXPECT_GT(share_that_names(0b001, after("w0 register c\nw0 register b\n", Shape())), 0.8);
}

TEST(Draw, ARegistrationMostlyNamesWhatComesInFront) {
  EXPECT_GT(share_that_names(0b100, after("w0 register b\n", Shape())), 0.7);
}

TEST(Draw, ARegistrationMostlyNamesNoProbeThatJustWent) {
  const auto draw = after("w0 register a\nw0 unregister a\n", Shape());
  EXPECT_LT(share(draw, [](const Operation& operation) { return operation.probes == 0b001; }), 0.2);
}

TEST(Draw, OnlyTheOperationsBeforeThePositionCount) {
  const Sequence sequence = parsed("w0 register a\nw0 register b\nw0 unregister a,b\n");
  const auto draw = [&](Random& random) { return draw_writer_operation(sequence, 1, Shape(), random); };
  EXPECT_EQ(share(draw, [](const Operation& operation) { return unregisters(operation) && operation.probes != 0b001; }),
            0);
  EXPECT_GT(share(draw, unregisters), 0.2);
}

TEST(Draw, WithoutRaritiesAnOperationIsPlain) {
  const auto draw = after("w0 register a\nw0 register b\n", Shape());
  EXPECT_EQ(share(draw,
                  [](const Operation& drawn) {
                    Operation plain;
                    plain.cpu = drawn.cpu;
                    plain.verb = drawn.verb;
                    plain.probes = drawn.probes;
                    return !changes_probes(drawn.verb) || !std::has_single_bit(drawn.probes) || drawn != plain;
                  }),
            0);
}

TEST(Draw, WithRaritiesEachOfThemComes) {
  Shape shape = rare_shape();
  shape.writers = kMaxWriters;
  shape.tracepoints = kMaxTracepoints;
  const auto draw = after("w0 register a\nw0 register b\nw0 register c tp=1\n", shape);
  const std::pair<const char*, bool (*)(const Operation&)> rarities[] = {
      {"sync", [](const Operation& operation) { return operation.verb == Verb::sync; }},
      {"fail=", [](const Operation& operation) { return operation.fail != 0; }},
      {"hook=", [](const Operation& operation) { return operation.hook_fails; }},
      {"prio=", [](const Operation& operation) { return operation.prio.has_value(); }},
      {"null", [](const Operation& operation) { return changes_probes(operation.verb) && operation.probes == 0; }},
      {"a batch", [](const Operation& operation) { return std::popcount(operation.probes) > 1; }},
      {"a batch over several tracepoints", spans_tracepoints},
      {"the other writer", [](const Operation& operation) { return operation.cpu.index == 1; }},
      {"the last tracepoint", [](const Operation& operation) { return operation.tp == kMaxTracepoints - 1; }},
  };
  for (const auto& [what, is_it] : rarities) EXPECT_GT(share(draw, is_it), 0) << what;
}

TEST(Draw, ABatchOverSeveralNamesWhatIsRegisteredThere) {
  Random random(8);
  Shape shape = rare_shape();
  shape.tracepoints = 2;
  const auto draw = after("w0 register a\nw0 register c tp=1\nw0 register b tp=2\n", shape);
  for (int i = 0; i < kDraws; ++i) {
    const Operation operation = draw(random);
    ASSERT_EQ(operation.further[0], 0);
    ASSERT_EQ(operation.further[1] & ~0b100, 0);
    ASSERT_EQ(operation.further[2] & ~0b010, 0);
    ASSERT_EQ(operation.further[3], 0);
  }
}

TEST(Draw, TheTracepointWithArgumentsTakesThePlaceOfTheFirst) {
  Shape shape;
  shape.arguments = true;
  const auto on_it = [](const Operation& operation) { return operation.tp == kTracepointWithArguments; };
  EXPECT_EQ(share(after("", shape), on_it), 1);
  EXPECT_EQ(share([&](Random& random) { return draw_hit(shape, random); }, on_it), 1);
  Random random(9);
  const auto drawn_of = [&](int tracepoints) {
    shape.tracepoints = tracepoints;
    std::set<int> drawn;
    for (int i = 0; i < kDraws; ++i) drawn.insert(draw_hit(shape, random).tp);
    return drawn;
  };
  EXPECT_EQ(drawn_of(2), (std::set{1, kTracepointWithArguments}));
  EXPECT_EQ(drawn_of(kMaxTracepoints), (std::set{0, 1, 2, 3})) << "and the first takes its place";
}

TEST(Draw, NestedIsAnyOtherTracepointAndMostlyTheFirstOther) {
  for (int tp = 0; tp < kMaxTracepoints; ++tp) {
    Random random(10);
    std::map<int, int> drawn;
    for (int i = 0; i < kDraws; ++i) ++drawn[draw_nested(tp, kMaxTracepoints, random)];
    EXPECT_EQ(drawn.size(), static_cast<std::size_t>(kMaxTracepoints - 1)) << tp;
    EXPECT_FALSE(drawn.contains(tp)) << tp;
    EXPECT_LT(drawn.rbegin()->first, kMaxTracepoints) << tp;
    EXPECT_NEAR(drawn[tp == 0 ? 1 : 0], kDraws / 2, kDraws / 20) << tp;
  }
}

TEST(Draw, OfTwoTracepointsNestedIsTheOther) {
  Random random(11);
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(draw_nested(0, 2, random), 1);
    ASSERT_EQ(draw_nested(1, 2, random), 0);
  }
}

TEST(Draw, AHitKeepsToItsShape) {
  Shape shape;
  const auto draw = [&shape](Random& random) { return draw_hit(shape, random); };
  Operation plain;
  plain.cpu.kind = Cpu::Kind::reader;
  EXPECT_EQ(share(draw, [&](const Operation& hit) { return hit == plain; }), 1) << "nothing to choose from";
  shape.readers = 2;
  shape.sites = 2;
  shape.tracepoints = 2;
  EXPECT_NEAR(share(draw, [](const Operation& hit) { return hit.cpu.index == 1; }), 0.5, 0.02);
  EXPECT_NEAR(share(draw, [](const Operation& hit) { return hit.site == 1; }), 0.5, 0.02);
  EXPECT_NEAR(share(draw, [](const Operation& hit) { return hit.tp == 1; }), 0.5, 0.02);
  EXPECT_EQ(share(draw, [](const Operation& hit) { return hit.nested || hit.cpu.index > 1 || hit.tp > 1; }), 0);
}

TEST(Draw, ANestedHitIsOnAnotherTracepointThanItsOuterHit) {
  Shape shape;
  shape.nested = true;
  shape.tracepoints = 2;
  for (const bool arguments : {false, true}) {
    shape.arguments = arguments;
    const auto draw = [&shape](Random& random) { return draw_hit(shape, random); };
    EXPECT_EQ(share(draw, [](const Operation& hit) { return hit.nested == hit.tp; }), 0) << arguments;
    EXPECT_NEAR(share(draw, [](const Operation& hit) { return hit.nested.has_value(); }), 0.75, 0.02) << arguments;
  }
}

TEST(Draw, OneTracepointHasNoNestedHits) {
  Shape shape;
  shape.nested = true;
  EXPECT_EQ(share([&](Random& random) { return draw_hit(shape, random); },
                  [](const Operation& hit) { return hit.nested.has_value(); }),
            0);
}

TEST(Draw, ALineOfTheWorkerHasOneToThreeParks) {
  Random random(12);
  std::set<std::size_t> parks;
  for (int i = 0; i < kDraws; ++i) {
    const Operation run = draw_run(random);
    ASSERT_EQ(run.cpu.kind, Cpu::Kind::worker);
    ASSERT_EQ(run.verb, Verb::run);
    parks.insert(run.parks.size());
  }
  EXPECT_EQ(parks, (std::set<std::size_t>{1, 2, 3}));
}

TEST(Draw, AnyOperationIsValidWhereItIsPut) {
  Random random(13);
  for (int i = 0; i < kDraws; ++i) {
    Sequence sequence = parsed("w0 register a\nw0 register b tp=1\nr0 hit\n");
    const std::size_t position = draw_below(sequence.operations.size() + 1, random);
    const Operation drawn = draw_operation(sequence, position, draw_shape(random), random);
    sequence.operations.insert(sequence.operations.begin() + static_cast<std::ptrdiff_t>(position), drawn);
    settle_probes(sequence);
    ASSERT_EQ(validate(sequence), std::nullopt) << to_text(sequence);
  }
}

TEST(Draw, HitsAreMostlyDelayedAndWritersRarely) {
  const Sequence sequence = parsed("w0 register a\n");
  const auto draw = [&](Random& random) { return draw_operation(sequence, 1, Shape(), random); };
  const auto hits = [](const Operation& operation) { return operation.verb == Verb::hit; };
  const auto writes = [](const Operation& operation) { return changes_probes(operation.verb); };
  const auto delayed = [](auto is_it) {
    return [is_it](const Operation& operation) { return is_it(operation) && !operation.parks.empty(); };
  };
  EXPECT_NEAR(share(draw, delayed(hits)) / share(draw, hits), 0.875, 0.02);
  EXPECT_NEAR(share(draw, delayed(writes)) / share(draw, writes), 0.25, 0.02);
}

TEST(Draw, AShapeKeepsToTheLimits) {
  Random random(14);
  const auto is_within = [](int value, int limit) { return value >= 1 && value <= limit; };
  for (int i = 0; i < 10 * kDraws; ++i) {
    const Shape shape = draw_shape(random);
    ASSERT_TRUE(is_within(shape.operations, kMaxOperations) && is_within(shape.hits, kMaxOperations));
    ASSERT_LT(shape.operations + shape.hits, kMaxOperations);
    ASSERT_TRUE(is_within(shape.probes, kMaxProbes) && is_within(shape.priorities, kMaxProbes));
    ASSERT_TRUE(is_within(shape.writers, kMaxWriters) && is_within(shape.readers, kMaxReaders));
    ASSERT_TRUE(is_within(shape.tracepoints, kMaxTracepoints) && is_within(shape.sites, kMaxSites));
  }
}

TEST(Draw, AShapeOverAWaitHasTwoWritersTwoReadersAndTwoHits) {
  Random random(15);
  int over_wait = 0;
  for (int i = 0; i < kDraws; ++i) {
    const Shape shape = draw_shape(random);
    if (!shape.over_wait) continue;
    ++over_wait;
    ASSERT_EQ(shape.writers, 2);
    ASSERT_EQ(shape.readers, 2);
    ASSERT_GE(shape.hits, 2);
    ASSERT_GE(shape.operations, 5) << "one before the wait, the one that waits, two meanwhile, one after";
  }
  EXPECT_NEAR(over_wait, kDraws / 12, kDraws / 60);
}

TEST(Draw, AShapeIsMostlySmall) {
  EXPECT_GT(share(draw_shape, [](const Shape& shape) { return shape.operations <= 5; }), 0.75);
  EXPECT_GT(share(draw_shape, [](const Shape& shape) { return shape.writers == 1; }), 0.7);
  EXPECT_GT(share(draw_shape, [](const Shape& shape) { return shape.tracepoints == 1; }), 0.7);
}

}  // namespace
}  // namespace tpfuzz
