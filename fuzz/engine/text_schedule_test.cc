// The rules of the schedule (docs/sequences.md), one by one. A test plays the engine: it asks who goes next, and says
// what that CPU does.
#include "fuzz/engine/text_schedule.h"

#include <gtest/gtest.h>

#include "fuzz/engine/perform.h"
#include "fuzz/sequence/cpu.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

using tp::Point;

constexpr int kW0 = 0;
constexpr int kW1 = 1;
constexpr int kR0 = cpu_of_reader(0);
constexpr int kR1 = cpu_of_reader(1);
constexpr int kK0 = kWorkerCpu;

constexpr Wait kGracePeriod = {.kind = Wait::Kind::grace_period};

class Play final : public Conditions {
 public:
  explicit Play(const std::string& lines) : sequence_(parsed(lines)) { restart(); }
  Play(const Play&) = delete;
  Play& operator=(const Play&) = delete;

  PointSet restart() {
    runs_ = 0;
    return schedule.start(sequence_, *this);
  }

  // Who goes next: "w0 starts 0", "r0 goes on", "k0 runs", "w0 is stuck", "the end".
  std::string next() {
    using Kind = Scheduler::Next::Kind;
    const Scheduler::Next next = schedule.next();
    const std::string cpu(cpu_name(cpu_numbered(next.cpu)));
    switch (next.kind) {
      case Kind::resume:
        return cpu + " goes on";
      case Kind::start:
        schedule.begins(next.cpu, &sequence_.operations[static_cast<std::size_t>(next.operation)]);
        return cpu + " starts " + std::to_string(next.operation);
      case Kind::worker:
        schedule.begins(next.cpu, worker_line(sequence_, runs_++));
        return cpu + " runs";
      case Kind::stuck:
        return cpu + " is stuck";
      case Kind::ended:
        break;
    }
    return "the end";
  }

  // The next one starts, or goes on, and stops at `point`.
  void next_parks(Point point) { EXPECT_TRUE(schedule.stops_at(next_cpu(), point)); }
  // The next one starts, or goes on, and has to wait.
  void next_waits() { schedule.waits(next_cpu(), kGracePeriod); }
  // The next one starts, or goes on, and completes.
  void next_completes() { schedule.completes(next_cpu()); }
  // k0 runs once: one event.
  void event() {
    wanted = true;
    EXPECT_EQ(next(), "k0 runs");
    wanted = false;
    schedule.completes(kK0);
  }

  bool over(int cpu, const Wait& wait) const override {
    EXPECT_NE(wait.kind, Wait::Kind::nothing);
    return ended[static_cast<std::size_t>(cpu)];
  }
  bool worker_wanted() const override { return wanted; }

  TextSchedule schedule;
  std::array<bool, kMaxCpus> ended{};  // whether the wait of each CPU is over
  bool wanted = false;                 // whether k0 has something to do

 private:
  static Sequence parsed(const std::string& lines) {
    const auto result = parse_text("tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\n" + lines);
    if (const auto* error = std::get_if<Error>(&result)) ADD_FAILURE() << error->line << ": " << error->message;
    return std::get<Sequence>(result);
  }

  int next_cpu() {
    const std::string who = next();
    EXPECT_TRUE(who.ends_with(" goes on") || who.find(" starts ") != std::string::npos || who == "k0 runs") << who;
    return cpu_named(who.substr(0, 2)).value_or(Cpu()).number();
  }

  Sequence sequence_;
  int runs_ = 0;
};

// Rule 1.

TEST(TextSchedule, LinesStartInTheirOrder) {
  Play play("r1 hit\nw0 register a\nr0 hit\n");
  for (const char* line : {"r1 starts 0", "w0 starts 1", "r0 starts 2"}) {
    EXPECT_EQ(play.next(), line);
    play.schedule.completes(line[0] == 'w' ? kW0 : line[1] == '1' ? kR1 : kR0);
  }
  EXPECT_EQ(play.next(), "the end");
}

TEST(TextSchedule, ABusyCpuHoldsUpTheLinesAfterIt) {
  Play play("w0 register a park@publish 9\nw0 register b\nr0 hit\n");
  play.next_parks(Point::publish);
  EXPECT_EQ(play.next(), "w0 goes on") << "r0 is idle, and its line comes after one of w0";
}

TEST(TextSchedule, ALineOfAnIdleCpuStartsWhileOthersAreBusy) {
  Play play("w0 register a park@publish 9\nr0 hit\n");
  play.next_parks(Point::publish);
  EXPECT_EQ(play.next(), "r0 starts 1");
}

// Rule 2.

TEST(TextSchedule, ACpuStopsOnlyWhereItsOwnLineParksIt) {
  Play play("r0 hit park@loaded 1\nr1 hit park@called 1\n");
  EXPECT_EQ(play.next(), "r0 starts 0");
  EXPECT_FALSE(play.schedule.stops_at(kR0, Point::keyed));
  EXPECT_FALSE(play.schedule.stops_at(kR0, Point::called));
  EXPECT_TRUE(play.schedule.stops_at(kR0, Point::loaded));
}

// Rule 3. k0 goes before the next line and before an early end, so that k0 runs only as long as no park has run out.

TEST(TextSchedule, ACompletionIsAnEvent) {
  Play play("r0 hit park@loaded 1\nr1 hit\n");
  play.next_parks(Point::loaded);
  play.next_completes();
  play.wanted = true;
  EXPECT_EQ(play.next(), "r0 goes on");
}

TEST(TextSchedule, AParkIsAnEvent) {
  Play play("r0 hit park@loaded 1\nr1 hit park@loaded 9\n");
  play.next_parks(Point::loaded);
  play.next_parks(Point::loaded);
  play.wanted = true;
  EXPECT_EQ(play.next(), "r0 goes on");
}

TEST(TextSchedule, AParkOfTheWorkerIsAnEvent) {
  Play play("k0 run park@queued 9\nr0 hit park@loaded 1\nr1 hit\n");
  play.next_parks(Point::loaded);
  play.wanted = true;
  play.next_parks(Point::queued);
  EXPECT_EQ(play.next(), "r0 goes on") << "before the next line";
}

TEST(TextSchedule, NeitherTheBeginNorTheEndOfAWaitIsAnEvent) {
  Play play("r0 hit park@loaded 1\nw0 register a\n");
  play.next_parks(Point::loaded);
  play.next_waits();
  play.ended[kW0] = true;
  EXPECT_EQ(play.next(), "w0 goes on");
  play.schedule.waits(kW0, kGracePeriod);
  play.ended[kW0] = false;
  play.wanted = true;
  EXPECT_EQ(play.next(), "k0 runs") << "r0 is still parked";
}

TEST(TextSchedule, TheEarlyEndOfAParkIsNoEvent) {
  Play play("r0 hit park@loaded 9\nr1 hit park@loaded 1\n");
  play.next_parks(Point::loaded);
  play.next_parks(Point::loaded);
  EXPECT_EQ(play.next(), "r0 goes on") << "early";
  play.schedule.waits(kR0, kGracePeriod);
  play.wanted = true;
  EXPECT_EQ(play.next(), "k0 runs") << "r1 is still parked";
}

// Rule 4.

TEST(TextSchedule, AParkLastsUntilThatManyLaterEvents) {
  for (const int events : {1, 2, 254, 255}) {
    Play play("r0 hit park@loaded " + std::to_string(events) + "\n");
    play.next_parks(Point::loaded);
    for (int i = 0; i < events; ++i) play.event();
    play.wanted = true;
    EXPECT_EQ(play.next(), "r0 goes on") << events;
  }
}

TEST(TextSchedule, AParkIsOfOnePassing) {
  Play play("r0 hit park@called#2 1\n");
  EXPECT_EQ(play.next(), "r0 starts 0");
  EXPECT_FALSE(play.schedule.stops_at(kR0, Point::called));
  EXPECT_TRUE(play.schedule.stops_at(kR0, Point::called));
  play.event();
  EXPECT_EQ(play.next(), "r0 goes on");
  EXPECT_FALSE(play.schedule.stops_at(kR0, Point::called));
}

TEST(TextSchedule, EachPointCountsItsOwnPassings) {
  Play play("r0 hit park@called#2 1 park@iterating#2 1\n");
  EXPECT_EQ(play.next(), "r0 starts 0");
  EXPECT_FALSE(play.schedule.stops_at(kR0, Point::iterating));
  EXPECT_FALSE(play.schedule.stops_at(kR0, Point::called));
  EXPECT_TRUE(play.schedule.stops_at(kR0, Point::iterating));
}

TEST(TextSchedule, EachOperationCountsItsOwnPassings) {
  Play play("r0 hit park@called#2 1\nr0 hit park@called#2 1\n");
  EXPECT_EQ(play.next(), "r0 starts 0");
  EXPECT_FALSE(play.schedule.stops_at(kR0, Point::called));
  play.schedule.completes(kR0);
  EXPECT_EQ(play.next(), "r0 starts 1");
  EXPECT_FALSE(play.schedule.stops_at(kR0, Point::called));
  EXPECT_TRUE(play.schedule.stops_at(kR0, Point::called));
}

TEST(TextSchedule, OfTwoParksAtOnePassingTheFirstCounts) {
  Play play("r0 hit park@loaded 1 park@loaded 3\nr1 hit park@loaded 3 park@loaded 1\n");
  play.next_parks(Point::loaded);
  play.event();
  EXPECT_EQ(play.next(), "r0 goes on");
  play.schedule.completes(kR0);
  play.next_parks(Point::loaded);
  play.event();
  play.event();
  play.event();
  EXPECT_EQ(play.next(), "r1 goes on");
}

TEST(TextSchedule, AParkThatIsNeverReachedHasNoEffect) {
  Play play("r0 hit park@iterating 9\nr1 hit\n");
  play.next_completes();
  EXPECT_EQ(play.next(), "r1 starts 1");
  play.schedule.completes(kR1);
  EXPECT_EQ(play.next(), "the end");
}

// Also where a loop passes the point more often than eight bits can count.
TEST(TextSchedule, AParkIsOfOnePassingOfThousands) {
  Play play("r0 hit park@called 1\n");
  EXPECT_EQ(play.next(), "r0 starts 0");
  EXPECT_TRUE(play.schedule.stops_at(kR0, Point::called));
  EXPECT_EQ(play.next(), "r0 goes on");
  for (int passing = 2; passing <= 1000; ++passing) ASSERT_FALSE(play.schedule.stops_at(kR0, Point::called)) << passing;
}

// Rule 5.

TEST(TextSchedule, AStepHasAPointBeforeItAndOneAfterIt) {
  Play play("w0 register a park@publish 1\nw1 register b park@before-publish 1\n");
  EXPECT_EQ(play.next(), "w0 starts 0");
  EXPECT_FALSE(play.schedule.stops_at(kW0, Point::before_publish));
  EXPECT_TRUE(play.schedule.stops_at(kW0, Point::publish));
  EXPECT_EQ(play.next(), "w1 starts 1");
  EXPECT_TRUE(play.schedule.stops_at(kW1, Point::before_publish));
}

// Rule 6.

TEST(TextSchedule, AWaitTellsWhetherItIsParkedToo) {
  Play play("w0 register a park@waiting#2 1\n");
  EXPECT_EQ(play.next(), "w0 starts 0");
  EXPECT_FALSE(play.schedule.waits(kW0, kGracePeriod));
  play.ended[kW0] = true;
  EXPECT_EQ(play.next(), "w0 goes on");
  EXPECT_TRUE(play.schedule.waits(kW0, kGracePeriod));
}

TEST(TextSchedule, AParkAtWaitingIsAnEvent) {
  Play play("r0 hit park@loaded 1\nw0 register a park@waiting 9\n");
  play.next_parks(Point::loaded);
  play.next_waits();
  play.wanted = true;
  EXPECT_EQ(play.next(), "r0 goes on");
}

TEST(TextSchedule, AParkAtWaitingOutlastsItsWait) {
  Play play("w0 register a park@waiting 2\n");
  play.next_waits();
  play.ended[kW0] = true;
  play.event();
  play.event();
  EXPECT_EQ(play.next(), "w0 goes on");
}

TEST(TextSchedule, AWaitOutlastsItsPark) {
  Play play("w0 register a park@waiting 1\n");
  play.next_waits();
  play.event();
  play.event();
  play.ended[kW0] = true;
  play.wanted = true;
  EXPECT_EQ(play.next(), "w0 goes on");
}

TEST(TextSchedule, ASilentWaitIsNoPassingOfWaiting) {
  Play play("w0 register a park@waiting 9\n");
  EXPECT_EQ(play.next(), "w0 starts 0");
  play.schedule.waits_in_silence(kW0, kGracePeriod);
  play.ended[kW0] = true;
  EXPECT_EQ(play.next(), "w0 goes on");
  EXPECT_TRUE(play.schedule.waits(kW0, kGracePeriod));
}

TEST(TextSchedule, ASilentWaitIsNoEventAndLastsUntilItIsOver) {
  Play play("r0 hit park@loaded 1\nw0 register a\n");
  play.next_parks(Point::loaded);
  EXPECT_EQ(play.next(), "w0 starts 1");
  play.schedule.waits_in_silence(kW0, kGracePeriod);
  play.event();
  EXPECT_EQ(play.next(), "r0 goes on");
  play.schedule.completes(kR0);
  EXPECT_EQ(play.next(), "w0 is stuck");
}

// Rule 7.

TEST(TextSchedule, TheWorkerStartsWhenItIsWantedAndIdle) {
  Play play("r0 hit\n");
  play.wanted = true;
  EXPECT_EQ(play.next(), "k0 runs");
  play.schedule.waits(kK0, kGracePeriod);
  EXPECT_EQ(play.next(), "r0 starts 0") << "k0 is busy";
  play.schedule.completes(kR0);
  play.ended[kK0] = true;
  EXPECT_EQ(play.next(), "k0 goes on");
  play.schedule.completes(kK0);
  EXPECT_EQ(play.next(), "k0 runs") << "it is still wanted";
}

TEST(TextSchedule, ALineOfTheWorkerStartsNothing) {
  Play play("k0 run park@queued 1\nr0 hit\nk0 run park@mark 1\n");
  EXPECT_EQ(play.next(), "r0 starts 1");
  play.schedule.completes(kR0);
  EXPECT_EQ(play.next(), "the end");
}

TEST(TextSchedule, ARunOfTheWorkerHasTheParksOfItsLineAndWithoutALineNone) {
  Play play("k0 run park@queued 1\nk0 run park@mark 1\n");
  play.wanted = true;
  for (const auto& [at_queued, at_mark] : {std::pair(true, false), std::pair(false, true), std::pair(false, false)}) {
    EXPECT_EQ(play.next(), "k0 runs");
    EXPECT_EQ(play.schedule.stops_at(kK0, Point::queued), at_queued);
    if (at_queued) EXPECT_EQ(play.next(), "k0 goes on");
    EXPECT_EQ(play.schedule.stops_at(kK0, Point::mark), at_mark);
    if (at_mark) EXPECT_EQ(play.next(), "k0 goes on");
    play.schedule.completes(kK0);
  }
}

// Rule 8.

TEST(TextSchedule, AWaitThatIsNotOverHoldsItsCpu) {
  Play play("w0 register a\nr0 hit\nr1 hit\n");
  play.next_waits();
  play.next_completes();
  play.ended[kW0] = true;
  EXPECT_EQ(play.next(), "w0 goes on") << "before the next line";
}

// Rule 9.

TEST(TextSchedule, OfThoseThatMayGoOnTheOneThatStoppedFirstDoes) {
  Play play("w0 register a\nr1 hit park@loaded 1\nr0 hit park@loaded 1\nr2 hit\n");
  play.next_waits();
  play.next_parks(Point::loaded);
  play.event();
  play.ended[kW0] = true;
  EXPECT_EQ(play.next(), "w0 goes on") << "its wait is over";
  play.schedule.completes(kW0);
  EXPECT_EQ(play.next(), "r1 goes on") << "its park ran out";
}

TEST(TextSchedule, WhoStopsAgainIsBehindWhoStoppedBefore) {
  Play play("r0 hit park@loaded 1 park@called 1\nr1 hit park@loaded 2\nr2 hit\n");
  play.next_parks(Point::loaded);
  play.next_parks(Point::loaded);
  EXPECT_EQ(play.next(), "r0 goes on");
  EXPECT_TRUE(play.schedule.stops_at(kR0, Point::called));
  play.event();
  EXPECT_EQ(play.next(), "r1 goes on");
  EXPECT_FALSE(play.schedule.stops_at(kR1, Point::called));
  play.schedule.completes(kR1);
  EXPECT_EQ(play.next(), "r0 goes on");
}

TEST(TextSchedule, WhoMayGoOnGoesBeforeTheWorker) {
  Play play("r0 hit park@loaded 1\nr1 hit\nr2 hit\n");
  play.next_parks(Point::loaded);
  play.next_completes();
  play.wanted = true;
  EXPECT_EQ(play.next(), "r0 goes on");
}

TEST(TextSchedule, TheWorkerGoesBeforeTheNextLine) {
  Play play("r0 hit\n");
  play.wanted = true;
  EXPECT_EQ(play.next(), "k0 runs");
}

TEST(TextSchedule, TheNextLineGoesBeforeAnEarlyEnd) {
  Play play("r0 hit park@loaded 9\nr1 hit\n");
  play.next_parks(Point::loaded);
  EXPECT_EQ(play.next(), "r1 starts 1");
}

TEST(TextSchedule, TheParkThatStoppedFirstEndsEarly) {
  Play play("r1 hit park@loaded 9\nr0 hit park@loaded 7\n");
  play.next_parks(Point::loaded);
  play.next_parks(Point::loaded);
  EXPECT_EQ(play.next(), "r1 goes on");
  play.schedule.completes(kR1);
  EXPECT_EQ(play.next(), "r0 goes on");
}

TEST(TextSchedule, AParkAtWaitingEndsEarlyOnlyIfItsWaitIsOver) {
  for (const bool over : {false, true}) {
    Play play("w0 register a park@waiting 9\nr0 hit park@loaded 9\n");
    play.next_waits();
    play.next_parks(Point::loaded);
    play.ended[kW0] = over;
    EXPECT_EQ(play.next(), over ? "w0 goes on" : "r0 goes on");
  }
}

TEST(TextSchedule, AParkThatEndedEarlyDoesNotDelayALaterWait) {
  Play play("w0 register a park@begun 9\n");
  play.next_parks(Point::begun);
  play.next_waits();
  play.ended[kW0] = true;
  play.wanted = true;
  EXPECT_EQ(play.next(), "w0 goes on") << "before k0";
}

TEST(TextSchedule, ItIsStuckWhereNobodyCanGoAndNamesTheOneThatStoppedFirst) {
  Play play("w1 register a\nw0 register b\n");
  play.next_waits();
  play.next_waits();
  EXPECT_EQ(play.next(), "w1 is stuck");
}

TEST(TextSchedule, ItIsStuckBehindAWaitThoughLinesAreLeft) {
  Play play("w0 register a\nw0 register b\nr0 hit\n");
  play.next_waits();
  EXPECT_EQ(play.next(), "w0 is stuck");
}

TEST(TextSchedule, ItEndsWhenAllHasCompleted) {
  Play play("w0 register a\nr0 hit\n");
  play.next_completes();
  play.next_completes();
  EXPECT_EQ(play.next(), "the end");
  EXPECT_EQ(Play("").next(), "the end");
}

// What an engine asks besides.

TEST(TextSchedule, TheStartNamesThePointsOfAllParks) {
  Play play("w0 register a park@publish 1\nr0 hit park@loaded 1 park@loaded#2 1\nk0 run park@queued 1\n");
  EXPECT_EQ(play.restart(), bit(Point::publish) | bit(Point::loaded) | bit(Point::queued));
}

TEST(TextSchedule, ABeginNamesThePointsOfItsLine) {
  Play play("");
  Operation line;
  line.parks.push_back({Point::loaded, 2, 1});
  line.parks.push_back({Point::called, 1, 1});
  EXPECT_EQ(play.schedule.begins(kR0, &line), bit(Point::loaded) | bit(Point::called));
  EXPECT_EQ(play.schedule.begins(kK0, nullptr), PointSet{0});
}

TEST(TextSchedule, AStartForgetsAnExecutionThatBroke) {
  Play play("r0 hit park@loaded 1\nr1 hit park@loaded 1\nr2 hit\n");
  play.next_parks(Point::loaded);
  play.next_parks(Point::loaded);
  EXPECT_FALSE(play.schedule.idle());
  play.restart();
  EXPECT_TRUE(play.schedule.idle());
  EXPECT_EQ(play.next(), "r0 starts 0");
  EXPECT_TRUE(play.schedule.stops_at(kR0, Point::loaded)) << "for the first time";
  EXPECT_EQ(play.next(), "r1 starts 1");
}

TEST(TextSchedule, ItIsIdleBetweenOperationsOnly) {
  Play play("r0 hit park@loaded 1\n");
  EXPECT_TRUE(play.schedule.idle());
  EXPECT_EQ(play.next(), "r0 starts 0");
  EXPECT_FALSE(play.schedule.idle());
  EXPECT_TRUE(play.schedule.stops_at(kR0, Point::loaded));
  EXPECT_FALSE(play.schedule.idle());
  play.next_completes();
  EXPECT_TRUE(play.schedule.idle());
}

TEST(TextSchedule, AParkThatIsEndedRunsOutAtOnce) {
  Play play("r0 hit park@loaded 9\n");
  play.next_parks(Point::loaded);
  EXPECT_TRUE(play.schedule.end_park(kR0));
  play.wanted = true;
  EXPECT_EQ(play.next(), "r0 goes on");
}

TEST(TextSchedule, OnlyAParkThatWouldLastLongerIsEnded) {
  Play play("r0 hit park@loaded 1\nw0 register a\nr2 hit\n");
  EXPECT_FALSE(play.schedule.end_park(kR0)) << "idle";
  play.next_parks(Point::loaded);
  play.next_waits();
  EXPECT_FALSE(play.schedule.end_park(kW0)) << "it waits, and is not parked";
  play.event();
  EXPECT_FALSE(play.schedule.end_park(kR0)) << "it has run out";
}

TEST(TextSchedule, AParkIsEndedOnce) {
  Play play("r0 hit park@loaded 9\n");
  play.next_parks(Point::loaded);
  EXPECT_TRUE(play.schedule.end_park(kR0));
  EXPECT_FALSE(play.schedule.end_park(kR0));
}

TEST(TextSchedule, WhoStoppedFirstGoesBefore) {
  Play play("r1 hit park@loaded 9\nr0 hit park@loaded 9\n");
  play.next_parks(Point::loaded);
  play.next_parks(Point::loaded);
  EXPECT_TRUE(play.schedule.goes_before(kR1, kR0));
  EXPECT_FALSE(play.schedule.goes_before(kR0, kR1));
}

}  // namespace
}  // namespace tpfuzz
