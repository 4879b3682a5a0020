// Where the oracle does not judge, or judges later: each with a mistake that this must not hide, and its silent twin.
#include "fuzz/oracle/oracle.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <utility>

#include "fuzz/oracle/testing/story.h"
#include "fuzz/sequence/cpu.h"

namespace tpfuzz {
namespace {

using Kind = Event::Kind;
using tp::Point;

// An oracle that is told an execution event by event.
class Told {
 public:
  explicit Told(const std::string& lines) : sequence_(sequence_of(lines)) { oracle_.start(sequence_, {}); }
  Told(const Told&) = delete;
  Told& operator=(const Told&) = delete;

  Told& starts(int operation) { return tell({.kind = Kind::started}, operation); }
  Told& passes(int operation, Point point) { return tell({.kind = Kind::passed, .point = point}, operation); }
  Told& calls(int operation, std::uint8_t func, std::uint8_t data) {
    return tell({.kind = Kind::called, .func = func, .data = data}, operation);
  }
  Told& completes(int operation, int result = 0) {
    return tell({.kind = Kind::completed, .result = static_cast<std::int16_t>(result)}, operation);
  }
  Told& runs_enable_hook(int operation) { return tell({.kind = Kind::hooked, .func = 1}, operation); }
  Told& gets_wrong_argument(int operation) { return tell({.kind = Kind::wrong_argument}, operation); }
  Told& faults(int operation, int signal) {
    return tell({.kind = Kind::faulted, .result = static_cast<std::int16_t>(signal)}, operation);
  }

  // An event of the worker's first run.
  Told& worker(Event event) {
    event.cpu = kWorkerCpu;
    oracle_.observe({&event, 1});
    return *this;
  }

  // A whole registration of 0->1.
  Told& registers(int operation) {
    return starts(operation)
        .passes(operation, Point::begun)
        .runs_enable_hook(operation)
        .passes(operation, Point::publish)
        .completes(operation);
  }
  // A hit on {a} up to its end in the section.
  Told& hits(int operation) {
    return starts(operation)
        .passes(operation, Point::keyed)
        .passes(operation, Point::locked)
        .passes(operation, Point::loaded)
        .calls(operation, 0, 0)
        .passes(operation, Point::dispatched)
        .passes(operation, Point::called);
  }

  Told& nests(int operation, std::uint8_t tracepoint) {
    return tell({.kind = Kind::nested, .data = tracepoint}, operation);
  }
  Told& unnests(int operation) { return tell({.kind = Kind::unnested}, operation); }

  // All of a hit on {a} and of the nested hits on {b}, up to the call of `func`.
  Told& nests_up_to_call(std::uint8_t func) {
    return registers(0)
        .registers(1)
        .starts(2)
        .passes(2, Point::keyed)
        .passes(2, Point::locked)
        .passes(2, Point::loaded)
        .calls(2, 0, 0)
        .passes(2, Point::dispatched)
        .nests(2, 1)
        .passes(2, Point::keyed)
        .passes(2, Point::locked)
        .passes(2, Point::loaded)
        .calls(2, func, func);
  }

  std::string verdict() const { return oracle_.verdict() ? token(*oracle_.verdict()) : "clean"; }

 private:
  Told& tell(Event event, int operation) {
    event.operation = static_cast<std::uint8_t>(operation);
    event.cpu = static_cast<std::uint8_t>(sequence_.operations[event.operation].cpu.number());
    if (!oracle_.verdict()) oracle_.observe({&event, 1});
    return *this;
  }

  Sequence sequence_;
  Oracle oracle_;
};

constexpr const char* kNestedHit = "w0 register a\nw0 register b tp=1\nr0 hit nested=1\n";
constexpr const char* kHit = "w0 register a\nr0 hit\n";

TEST(OracleTest, AHitIsJudgedWhenItLeavesItsSection) {
  EXPECT_EQ(Told(kHit).registers(0).hits(1).passes(1, Point::unlocked).completes(1).verdict(), "clean");
  EXPECT_EQ(Told(kHit).registers(0).starts(1).passes(1, Point::keyed).passes(1, Point::unlocked).verdict(),
            "snapshot-none-keyed");
}

TEST(OracleTest, WhatAHitCallsAfterItsSectionCounts) {
  EXPECT_EQ(
      Told(kHit).registers(0).hits(1).passes(1, Point::unlocked).calls(1, 0, 0).completes(1).verdict().substr(0, 8),
      "snapshot");
}

TEST(OracleTest, AHitThatFindsTheKeyOffIsJudgedAtItsEnd) {
  EXPECT_EQ(Told(kHit).starts(1).completes(1).verdict(), "clean") << "nothing is registered";
  EXPECT_EQ(Told(kHit).registers(0).starts(1).completes(1).verdict(), "snapshot-none-none");
}

TEST(OracleTest, ANestedHitIsJudgedByItsOwnTracepoint) {
  EXPECT_EQ(Told(kNestedHit)
                .nests_up_to_call(1)
                .passes(2, Point::dispatched)
                .passes(2, Point::called)
                .passes(2, Point::unlocked)
                .unnests(2)
                .passes(2, Point::called)
                .passes(2, Point::unlocked)
                .completes(2)
                .verdict(),
            "clean");
  EXPECT_EQ(Told(kNestedHit).nests_up_to_call(0).passes(2, Point::unlocked).verdict(), "snapshot-0->1-loaded")
      << "a is registered, but with the outer hit's tracepoint";
  EXPECT_EQ(Told(kNestedHit).nests_up_to_call(1).passes(2, Point::unlocked).unnests(2).calls(2, 1, 1).verdict(),
            "clean")
      << "not before the outer hit's end";
  EXPECT_EQ(Told(kNestedHit)
                .nests_up_to_call(1)
                .passes(2, Point::unlocked)
                .unnests(2)
                .calls(2, 1, 1)
                .passes(2, Point::unlocked)
                .verdict(),
            "snapshot-0->1-unlocked")
      << "b is registered, but with the nested hit's tracepoint";
}

TEST(OracleTest, ANestedHitThatFindsTheKeyOffIsJudgedAtItsEnd) {
  const auto up_to_nested = [](Told&& told) {
    told.starts(2).passes(2, Point::keyed).passes(2, Point::locked).passes(2, Point::loaded).calls(2, 0, 0);
    return told.passes(2, Point::dispatched).nests(2, 1).unnests(2).verdict();
  };
  EXPECT_EQ(up_to_nested(std::move(Told(kNestedHit).registers(0))), "clean") << "nothing is registered there";
  EXPECT_EQ(up_to_nested(std::move(Told(kNestedHit).registers(0).registers(1))), "snapshot-none-dispatched");
}

TEST(OracleTest, AFunctionGetsTheArgumentsThatWerePassed) {
  EXPECT_EQ(Told(kHit).registers(0).hits(1).verdict(), "clean");
  EXPECT_EQ(Told(kHit).registers(0).hits(1).gets_wrong_argument(1).verdict(), "arguments-0->1-called");
}

TEST(OracleTest, ARunOfTheWorkerReturnsNothing) {
  const Event end = {.kind = Kind::completed, .result = -1};
  EXPECT_EQ(Told(kHit).worker({.kind = Kind::started}).worker(end).verdict(), "clean");
  EXPECT_EQ(Told(kHit).worker({.kind = Kind::started}).worker({.kind = Kind::faulted, .result = SIGSEGV}).verdict(),
            "fault-none-none")
      << "but what it does is judged";
}

TEST(OracleTest, ASyncReturnsNothing) {
  const char* const sync = "w0 sync\n";
  EXPECT_EQ(Told(sync).starts(0).completes(0, -1).verdict(), "clean");
  EXPECT_EQ(Told(sync).starts(0).faults(0, SIGSEGV).verdict(), "fault-none-none");
}

TEST(OracleTest, AnExpectedResultIsNoExcuse) {
  EXPECT_EQ(Told("w0 unregister a -> ENOENT\n").starts(0).passes(0, Point::begun).completes(0, 0).verdict(),
            "result-none-begun");
  EXPECT_EQ(Told("w0 unregister a -> 0\n").starts(0).passes(0, Point::begun).completes(0, -ENOENT).verdict(),
            "result-none-begun")
      << "it is a promise of its own";
  EXPECT_EQ(Told("w0 unregister a -> ENOENT\n").starts(0).passes(0, Point::begun).completes(0, -ENOENT).verdict(),
            "clean");
}

}  // namespace
}  // namespace tpfuzz
