#include "fuzz/oracle/interleavings.h"

#include <gtest/gtest.h>

#include <memory>

#include "fuzz/execute.h"
#include "fuzz/oracle/testing/story.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/subject/core_subject.h"

namespace tpfuzz {
namespace {

using tp::Point;

using Counters = std::array<std::uint8_t, Interleavings::kCount>;

// An index, taken apart from its least significant digit on.
class Digits {
 public:
  explicit Digits(int index) : rest_(index) {}
  int take(int base) {
    const int digit = rest_ % base;
    rest_ /= base;
    return digit;
  }
  std::string reader() { return place(Interleavings::kReaderPlaces); }
  std::string writer() { return place(Interleavings::kWriterPlaces); }
  std::string transition() { return std::string(name(static_cast<tp::Transition>(take(tp::kTransitions)))); }
  std::string worker_point() {
    static constexpr const char* kNames[] = {"queued", "waiting", "synchronised", "marked"};
    return kNames[take(Interleavings::kWorkerPlaces)];
  }

 private:
  std::string place(std::span<const Point> places) {
    return std::string(name(places[static_cast<std::size_t>(take(static_cast<int>(places.size())))]));
  }

  int rest_;
};

std::string meeting(Digits digits) {
  const std::string reader = digits.reader();
  const std::string writer = digits.writer();
  return digits.transition() + " " + writer + " meets " + reader;
}

std::string crossing(Digits digits) {
  const std::string second = digits.transition();
  const std::string first = digits.transition();
  return digits.reader() + " crosses " + first + " " + second;
}

std::string run_at(Digits digits) {
  const std::string worker = digits.worker_point();
  const std::string writer = digits.writer();
  return digits.transition() + " " + writer + " while k0 is " + worker;
}

std::string overlap(Digits digits) {
  const bool worker_came = digits.take(2) == 1;
  const std::string worker = digits.worker_point();
  const std::string reader = digits.reader();
  return worker_came ? "k0 " + worker + " at " + reader : reader + " at k0 " + worker;
}

// The names of those of one kind that were met, one behind the other, each ended by ';'.
template <class Name>
std::string met(std::span<const std::uint8_t> counters, Name name_of) {
  std::string names;
  for (std::size_t i = 0; i < counters.size(); ++i)
    if (counters[i] != 0) names += name_of(Digits(static_cast<int>(i))) + ";";
  return names;
}

class InterleavingsTest : public testing::Test {
 protected:
  void tell(const std::string& lines) {
    counters_ = {};
    interleavings_.start();
    story_ = std::make_unique<Story>(lines);
  }
  void starts(int operation) { interleavings_.add(story_->history(), story_->starts(operation)); }
  void passes(int operation, Point point) { interleavings_.add(story_->history(), story_->passes(operation, point)); }
  void completes(int operation) { interleavings_.add(story_->history(), story_->completes(operation)); }

  // Several events, as most operations have them.
  void comes_to(int operation, Point point) {
    starts(operation);
    passes(operation, point);
  }
  void carries_out(int operation) {
    comes_to(operation, Point::begun);
    passes(operation, Point::publish);
    completes(operation);
  }

  using Its = Interleavings;
  std::string meetings() const { return met(std::span(counters_).first<Its::kMeetings>(), meeting); }
  std::string crossings() const {
    return met(std::span(counters_).subspan<Its::kMeetings, Its::kCrossings>(), crossing);
  }
  std::string runs() const {
    return met(std::span(counters_).subspan<Its::kMeetings + Its::kCrossings, Its::kRuns>(), run_at);
  }
  std::string overlaps() const { return met(std::span(counters_).last<Its::kOverlaps>(), overlap); }
  std::string all() const { return meetings() + crossings() + runs() + overlaps(); }

  Counters counters_{};
  Interleavings interleavings_{counters_};
  std::unique_ptr<Story> story_;
};

TEST_F(InterleavingsTest, AWriterComesWhereAReaderStands) {
  tell("w0 register a\nr0 hit\nw0 register b\n");
  carries_out(0);
  comes_to(1, Point::loaded);
  comes_to(2, Point::begun);
  passes(2, Point::before_update_call);
  EXPECT_EQ(all(), "1->2 begun meets loaded;1->2 before-update_call meets loaded;");
}

TEST_F(InterleavingsTest, AReaderInANestedHitStandsInTwoPlaces) {
  tell("w0 register a\nw0 register a tp=1\nr0 hit nested=1\nw0 register b tp=1\nw0 register b\n");
  carries_out(0);
  carries_out(1);
  comes_to(2, Point::dispatched);
  interleavings_.add(story_->history(), story_->nests(2, 1));
  passes(2, Point::loaded);
  comes_to(3, Point::begun);
  completes(3);
  comes_to(4, Point::begun);
  passes(4, Point::before_publish);
  EXPECT_EQ(all(), "1->2 begun meets loaded;1->2 begun meets dispatched;1->2 before-publish meets dispatched;");
  interleavings_.add(story_->history(), story_->unnests(2));
  passes(4, Point::publish);
  EXPECT_EQ(all(),
            "1->2 begun meets loaded;1->2 begun meets dispatched;1->2 before-publish meets dispatched;1->2 publish "
            "meets dispatched;");
}

TEST_F(InterleavingsTest, AReaderComesWhereAWriterStands) {
  tell("w0 register a\nr3 hit\n");
  comes_to(0, Point::begun);
  passes(0, Point::enable_key);
  comes_to(1, Point::keyed);
  passes(1, Point::unlocked);
  EXPECT_EQ(all(), "0->1 enable_key meets keyed;0->1 enable_key meets unlocked;");
}

TEST_F(InterleavingsTest, EveryReaderMeetsEveryWriter) {
  tell("r0 hit\nr3 hit\nw0 register a\nw1 register b\n");
  comes_to(0, Point::locked);
  comes_to(1, Point::called);
  comes_to(2, Point::begun);
  EXPECT_EQ(all(), "0->1 begun meets locked;0->1 begun meets called;");
  completes(2);
  comes_to(3, Point::begun);
  passes(0, Point::loaded);
  EXPECT_EQ(all(),
            "0->1 begun meets locked;0->1 begun meets called;"
            "1->2 begun meets locked;1->2 begun meets loaded;1->2 begun meets called;");
}

TEST_F(InterleavingsTest, NobodyMeetsWhoHasComeNowhereOrIsDone) {
  tell("r0 hit\nw0 register a\nr0 hit\nw1 register b\n");
  starts(0);
  comes_to(1, Point::begun);
  EXPECT_EQ(all(), "") << "the reader has passed nothing";
  completes(1);
  passes(0, Point::loaded);
  EXPECT_EQ(all(), "") << "the writer is done";
  completes(0);
  comes_to(3, Point::begun);
  EXPECT_EQ(all(), "") << "the reader is done";
  starts(2);
  passes(3, Point::publish);
  EXPECT_EQ(all(), "") << "its next hit has passed nothing";
}

TEST_F(InterleavingsTest, NobodyMeetsAcrossTracepoints) {
  tell("r0 hit tp=1\nw0 register a\nr1 hit tp=2\nw1 register b tp=1\n");
  comes_to(0, Point::loaded);
  comes_to(1, Point::begun);
  comes_to(2, Point::loaded);
  EXPECT_EQ(all(), "");
  completes(1);
  comes_to(3, Point::begun);
  EXPECT_EQ(all(), "0->1 begun meets loaded;") << "the same tracepoint";
}

TEST_F(InterleavingsTest, AWriterWithoutATransitionMeetsNobody) {
  tell("w0 unregister a\nw0 register a hook=fail\nw0 sync\nw0 register a\nr0 hit\n");
  comes_to(4, Point::loaded);
  for (const int fails : {0, 1}) {
    comes_to(fails, Point::begun);
    passes(4, Point::called);
    completes(fails);
  }
  comes_to(2, Point::waiting);
  passes(4, Point::loaded);
  completes(2);
  comes_to(3, Point::waiting);  // for the mutex: what it will have to do is open
  EXPECT_EQ(all(), "");
  passes(3, Point::begun);
  EXPECT_EQ(all(), "0->1 begun meets loaded;");
}

TEST_F(InterleavingsTest, AReaderThatStaysIsCrossedByTwoTransitions) {
  tell("w0 register a\nr0 hit\nw0 register b\nw0 register c\nw0 unregister a\n");
  carries_out(0);
  comes_to(1, Point::loaded);
  carries_out(2);
  EXPECT_EQ(crossings(), "") << "one is no crossing, and the one before it came is not counted";
  carries_out(3);
  EXPECT_EQ(crossings(), "loaded crosses 1->2 N->N+1;");
  carries_out(4);
  EXPECT_EQ(crossings(), "loaded crosses 1->2 N->N+1;loaded crosses N->N+1 N->N-1;") << "of neighbours only";
  EXPECT_EQ(runs() + overlaps(), "");
}

TEST_F(InterleavingsTest, AReaderThatWentOnInBetweenIsNotCrossed) {
  tell("w0 register a\nr0 hit\nw0 register b\nw0 register c\nr0 hit\nw0 unregister a\n");
  carries_out(0);
  comes_to(1, Point::loaded);
  carries_out(2);
  passes(1, Point::dispatched);
  carries_out(3);
  completes(1);
  comes_to(4, Point::loaded);
  carries_out(5);
  EXPECT_EQ(crossings(), "");
}

TEST_F(InterleavingsTest, NobodyIsCrossedByAnotherTracepoint) {
  tell("r0 hit\nw0 register a\nw0 register a tp=1\nw0 register b tp=1\nw0 register b\n");
  comes_to(0, Point::keyed);
  for (const int operation : {1, 2, 3}) carries_out(operation);
  EXPECT_EQ(crossings(), "");
  carries_out(4);
  EXPECT_EQ(crossings(), "keyed crosses 0->1 1->2;");
}

TEST_F(InterleavingsTest, OnlyWhatIsPublishedCrosses) {
  tell("r0 hit\nw0 register a\nw0 register b\n");
  comes_to(0, Point::locked);
  for (const int operation : {1, 2}) {
    comes_to(operation, Point::begun);
    passes(operation, Point::update_call);
    completes(operation);
  }
  EXPECT_EQ(crossings(), "");
}

// Where the worker stands, in the order in which it comes there.
struct WorkerStands {
  Point point;
  const char* name;
};
constexpr WorkerStands kWorkerStands[] = {
    {Point::queued, "queued"},
    {Point::waiting, "waiting"},
    {Point::synchronize, "synchronised"},
    {Point::mark, "marked"},
};

TEST_F(InterleavingsTest, AWriterComesWhereTheWorkerStands) {
  for (const auto& [point, stands] : kWorkerStands) {
    tell("k0 run\nw1 register a tp=3\n");
    comes_to(0, point);
    comes_to(1, Point::begun);
    EXPECT_EQ(all(), std::string("0->1 begun while k0 is ") + stands + ";");
  }
}

TEST_F(InterleavingsTest, TheWorkerOverlapsWithReadersBothWays) {
  for (const auto& [point, stands] : kWorkerStands) {
    tell("k0 run\nr0 hit tp=3\nr3 hit\n");
    comes_to(0, point);
    comes_to(2, Point::called);
    EXPECT_EQ(all(), std::string("called at k0 ") + stands + ";");
    tell("k0 run\nr0 hit tp=3\nr3 hit\n");
    comes_to(1, Point::keyed);
    comes_to(2, Point::called);
    comes_to(0, point);
    EXPECT_EQ(all(), std::string("k0 ") + stands + " at keyed;k0 " + stands + " at called;");
  }
}

TEST_F(InterleavingsTest, AWorkerThatComesWhereAWriterStandsIsNoRun) {
  tell("k0 run\nw0 register a\n");
  comes_to(1, Point::begun);
  comes_to(0, Point::queued);
  EXPECT_EQ(all(), "");
}

TEST_F(InterleavingsTest, AWorkerThatHasComeNowhereOrIsDoneIsNotThere) {
  tell("k0 run\nr0 hit\nw0 register a\nr1 hit tp=1\n");
  starts(0);
  comes_to(1, Point::loaded);
  completes(1);
  comes_to(2, Point::begun);
  EXPECT_EQ(all(), "") << "it has passed nothing";
  passes(0, Point::queued);
  EXPECT_EQ(all(), "") << "the reader is done";
  completes(0);
  passes(2, Point::publish);
  comes_to(3, Point::loaded);
  EXPECT_EQ(all(), "") << "it is done";
}

TEST_F(InterleavingsTest, NothingIsLeftOfTheExecutionBefore) {
  const std::string lines = "r0 hit\nk0 run\nw0 register a\nw1 register b\nr1 hit\n";
  tell(lines);  // ends in the middle, as with a violation
  comes_to(0, Point::loaded);
  comes_to(1, Point::queued);
  comes_to(2, Point::begun);
  passes(2, Point::publish);
  tell(lines);
  comes_to(3, Point::begun);
  passes(3, Point::publish);
  completes(3);
  comes_to(4, Point::loaded);
  EXPECT_EQ(all(), "");
}

TEST_F(InterleavingsTest, AnExecutorNotesWhatItsRunsMeet) {
  ASSERT_EQ(prepare(), std::nullopt);
  const auto subject = core_subject(tp::shipped_protocol("cookies"));
  Executor executor(*subject, &interleavings_);
  executor.run(sequence_of("w0 register a\nr0 hit park@loaded 1\nw0 register b\nw0 unregister b\n"));
  EXPECT_EQ(crossings(), "") << "the reader goes on in between";
  executor.run(sequence_of("w0 register a\nr0 hit park@loaded 2\nw0 register b\nw0 unregister b\n"));
  EXPECT_EQ(crossings(), "loaded crosses 1->2 2->1;");
}

TEST_F(InterleavingsTest, WhatWasEverMetStays) {
  Counters ever{};
  interleavings_.note_ever(ever);
  tell("w0 register a\nr0 hit\n");
  comes_to(0, Point::begun);
  comes_to(1, Point::loaded);
  const auto index = Interleavings::meeting(tp::Transition::add_first, Point::begun, Point::loaded);
  EXPECT_EQ(counters_[index], 1);
  tell("w0 register a\nr0 hit\n");
  comes_to(0, Point::begun);
  EXPECT_EQ(counters_[index], 0);
  EXPECT_EQ(ever[index], 1);
}

// By hand: 0->1 of `iterator` is publish; enable_key; so its writers pass begun, four points of steps and two of a
// patch.
TEST_F(InterleavingsTest, WhatIsPossibleFollowsFromTheSteps) {
  const auto possible = Interleavings::possible(tp::shipped_protocol("iterator"));
  const auto met = [&](Point writer) {
    return possible[Interleavings::meeting(tp::Transition::add_first, writer, Point::unlocked)];
  };
  EXPECT_TRUE(met(Point::begun) && met(Point::before_publish) && met(Point::enable_key) && met(Point::trapped));
  EXPECT_FALSE(met(Point::update_call) || met(Point::await_worker));
  Counters counters{};
  for (std::size_t i = 0; i < possible.size(); ++i) counters[i] = possible[i];
  counters_ = counters;
  EXPECT_NE(crossings().find("loaded crosses 0->1 1->0;"), std::string::npos);
  EXPECT_EQ(crossings().find("loaded crosses 0->1 N->N+1;"), std::string::npos);
  EXPECT_EQ(runs() + overlaps(), "") << "there is no worker";
  EXPECT_TRUE(Interleavings::possible(tp::shipped_protocol("worker")).test(Interleavings::kCount - 1));
}

// Whatever is drawn: nothing is met that is not possible, and of what is possible much is met.
TEST_F(InterleavingsTest, WhatIsMetIsPossible) {
  ASSERT_EQ(prepare(), std::nullopt);
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) {
    const tp::Protocol protocol = tp::shipped_protocol(shipped.name);
    const auto possible = Interleavings::possible(protocol);
    const auto subject = core_subject(protocol);
    Counters ever{};
    interleavings_.note_ever(ever);
    Executor executor(*subject, &interleavings_);
    Random random(1);
    for (int i = 0; i < 5000; ++i) executor.run(generate(random));
    std::size_t met = 0;
    for (std::size_t i = 0; i < possible.size(); ++i) {
      met += ever[i];
      counters_.fill(0);
      counters_[i] = ever[i];
      EXPECT_LE(ever[i], possible[i]) << shipped.name << ": " << all();
    }
    EXPECT_GT(met, possible.count() / 4) << shipped.name;
  }
}

}  // namespace
}  // namespace tpfuzz
