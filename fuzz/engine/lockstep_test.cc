// The schedule's rules (docs/sequences.md), one by one, on a subject that does nothing but pass points and wait.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <functional>

#include "fuzz/engine/engines.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

using tp::Point;

// register: takes the mutex and publishes. unregister: the same, and waits for a grace period. hit: a section.
class PointSubject : public Subject, public Inspector, public Batches, public SubjectWorker {
 public:
  Inspector* inspector() override { return this; }
  Batches* batches() override { return this; }
  SubjectWorker* worker() override { return this; }
  void reset() override { outstanding_ = 0; }
  int register_probe(int, const tp::Probe&) override {
    return change([] {});
  }
  int unregister_probes(int, std::span<const tp::Probe>) override {
    return change([] { host().synchronize(0); });
  }
  int unregister_batch(std::span<const RemovalPart>) override { return 0; }
  void sync(tp::Domains) override { host().synchronize(0); }
  void hit(int tracepoint, int) override {
    host().read_lock(0);
    host().point(Point::loaded);
    if (tracepoint == 1) on_hit();
    host().point(Point::called);
    host().read_unlock(0);
  }
  bool worker_outstanding() const override { return outstanding_ > 0; }
  void run_worker() override {
    host().point(Point::queued);
    --outstanding_;
    host().point(Point::mark);
  }
  Observation observe(int tracepoint) const override { return {.arrays = tracepoint}; }
  bool site_is_intact(int tracepoint, int site, SiteKind patched) const override {
    return (site != 1 || patched != torn) && tracepoint != torn_tracepoint;
  }
  const std::string& name() const override { return name_; }
  SiteText text(int, int, SiteKind) const override { return {}; }
  bool in_order(int, PatchMoment) override { return true; }
  Disorder disorder(int) const override { return {}; }

  SiteKind torn = SiteKind::key;  // of site 1
  int torn_tracepoint = -1;       // all of its sites
  std::function<void()> on_hit;   // what a hit of tracepoint 1 does inside
  std::atomic<int> outstanding_{0};

 private:
  const std::string name_ = "points";

  template <class Then>
  int change(Then then) {
    host().lock(0);
    host().point(Point::begun);
    host().point(Point::publish);
    then();
    host().unlock(0);
    return 0;
  }
};

// Writes the trace down: "w0+" started, "w0-" completed, "w0~P" parked at P, "w0?" waits, "w0!" stuck, "r0*" fault,
// "r0/" about to run a torn site; at rest the tracepoint that is looked at, "=1".
class Notes : public Observer {
 public:
  bool observe(std::span<const Event> events) override {
    return std::ranges::all_of(events, [this](const Event& event) { return note(event); });
  }
  bool note(const Event& event) {
    const char* kind = nullptr;
    switch (event.kind) {
      case Event::Kind::started:
        kind = "+";
        break;
      case Event::Kind::completed:
        kind = "-";
        break;
      case Event::Kind::parked:
        kind = "~";
        break;
      case Event::Kind::waits:
        kind = "?";
        break;
      case Event::Kind::stuck:
        kind = "!";
        break;
      case Event::Kind::faulted:
        kind = "*";
        break;
      case Event::Kind::torn:
        kind = "/";
        break;
      default:
        return true;
    }
    static constexpr std::string_view kCpus[] = {"w0", "w1", "r0", "r1", "r2", "r3", "k0"};
    if (!text.empty()) text += ' ';
    text += kCpus[event.cpu];
    text += kind;
    if (event.kind == Event::Kind::parked) text += name(event.point);
    return event.kind != Event::Kind::faulted && event.kind != Event::Kind::torn;
  }
  bool at_rest(const Event&, const Observation& observation, int) override {
    rests += '=' + std::to_string(observation.arrays);
    return true;
  }
  std::string text;
  std::string rests;
};

class LockstepTest : public testing::Test {
 protected:
  std::string trace(const std::string& lines) {
    auto parsed = parse_text("tpfuzz 1\nprobe a func=0 data=0\n" + lines);
    if (const auto* error = std::get_if<Error>(&parsed)) return error->message;
    Notes notes;
    engine_->engine().run(std::get<Sequence>(parsed), notes);
    rests_ = notes.rests;
    return notes.text;
  }
  std::string rests_;
  PointSubject subject_;
  std::unique_ptr<EngineParts> engine_ = make_engine(subject_, EngineKind::lockstep);
};

TEST_F(LockstepTest, LinesStartInTheirOrder) {
  EXPECT_EQ(trace("w0 register a\nr0 hit\nw0 register a\n"), "w0+ w0- r0+ r0- w0+ w0-");
}

TEST_F(LockstepTest, ABusyCpuHoldsUpTheLinesAfterIt) {
  EXPECT_EQ(trace("r0 hit park@loaded 1\nr0 hit\nr1 hit\n"), "r0+ r0~loaded r0- r0+ r0- r1+ r1-");
}

TEST_F(LockstepTest, AParkEndsAfterSoManyEventsAndItsOwnDoesNotCount) {
  EXPECT_EQ(trace("r0 hit park@loaded 2\nr1 hit\nr1 hit\nr1 hit\n"), "r0+ r0~loaded r1+ r1- r1+ r1- r0- r1+ r1-");
}

TEST_F(LockstepTest, AParkIsAnEventForOthers) {
  EXPECT_EQ(trace("r0 hit park@loaded 1\nr1 hit park@loaded 1\nr2 hit\n"),
            "r0+ r0~loaded r1+ r1~loaded r0- r1- r2+ r2-");
}

TEST_F(LockstepTest, TheFirstOfTwoParksAtOnePassingCounts) {
  EXPECT_EQ(trace("r0 hit park@loaded 1 park@loaded 3\nr1 hit\nr1 hit\nr1 hit\n"),
            "r0+ r0~loaded r1+ r1- r0- r1+ r1- r1+ r1-");
}

TEST_F(LockstepTest, AParkThatIsNeverReachedIsIgnored) {
  EXPECT_EQ(trace("r0 hit park@loaded#2 1\nr1 hit\n"), "r0+ r0- r1+ r1-");
}

TEST_F(LockstepTest, TheFirstStoppedParkEndsEarlyWhenNothingElseCanGoOn) {
  EXPECT_EQ(trace("r0 hit park@loaded 255\nr1 hit park@loaded 255\n"), "r0+ r0~loaded r1+ r1~loaded r0- r1-");
}

TEST_F(LockstepTest, WhoStoppedFirstGoesFirst) {
  EXPECT_EQ(trace("r1 hit park@loaded 2\nr0 hit park@loaded 1\nr2 hit\n"),
            "r1+ r1~loaded r0+ r0~loaded r2+ r2- r1- r0-");
}

TEST_F(LockstepTest, AWaitIsNoEventAndIsOverWhenTheLastReaderLeaves) {
  EXPECT_EQ(trace("r0 hit park@called 2\nw0 unregister a\nr1 hit\nr2 hit\n"),
            "r0+ r0~called w0+ w0? r1+ r1- r2+ r2- r0- w0-");
}

TEST_F(LockstepTest, AGracePeriodDoesNotWaitForLaterReaders) {
  EXPECT_EQ(trace("r0 hit park@called 1\nw0 unregister a\nr1 hit park@loaded 9\n"),
            "r0+ r0~called w0+ w0? r1+ r1~loaded r0- w0- r1-");
}

TEST_F(LockstepTest, AWaitThatCanEndAtOnceDoesNotStop) {
  EXPECT_EQ(trace("w0 unregister a park@waiting 9\nr0 hit\n"), "w0+ w0- r0+ r0-");
}

TEST_F(LockstepTest, AParkAtWaitingNeedsBothTheWaitAndTheEvents) {
  EXPECT_EQ(trace("r0 hit park@called 1\nw0 unregister a park@waiting 2\nr1 hit\nr1 hit\n"),
            "r0+ r0~called w0+ w0~waiting r0- r1+ r1- w0- r1+ r1-");
  EXPECT_EQ(trace("r0 hit park@called 4\nw0 unregister a park@waiting 1\nr1 hit\nr1 hit\n"),
            "r0+ r0~called w0+ w0~waiting r1+ r1- r1+ r1- r0- w0-");
}

TEST_F(LockstepTest, AParkAtWaitingDoesNotEndEarlyBeforeItsWait) {
  EXPECT_EQ(trace("r0 hit park@loaded 1 park@called 9\nw0 unregister a park@waiting 9\n"),
            "r0+ r0~loaded w0+ w0~waiting r0~called r0- w0-");
}

TEST_F(LockstepTest, WhatChangedIsLookedAtOnceAllCpusAreIdle) {
  trace("w0 register a tp=1\nr0 hit park@loaded 2\nw0 register a tp=2\nw0 register a tp=3\nw0 sync\n");
  EXPECT_EQ(rests_, "=1=2=3");
  trace("r0 hit\nr0 hit\nw0 sync\n");
  EXPECT_EQ(rests_, "");
}

TEST_F(LockstepTest, AReaderIsStoppedInFrontOfATornSite) {
  EXPECT_EQ(trace("r0 hit\nr0 hit site=1\n"), "r0+ r0- r0+ r0/");
  subject_.torn = SiteKind::call;
  EXPECT_EQ(trace("r0 hit site=1 park@loaded 1\nr1 hit\n"), "r0+ r0~loaded r1+ r1- r0/");
}

TEST_F(LockstepTest, ANestedHitComesToTheSitesOfItsTracepoint) {
  subject_.on_hit = [] {
    if (host().hit().nests) host().hit_nested();
  };
  EXPECT_EQ(trace("r0 hit tp=1 nested=0\n"), "r0+ r0-");
  subject_.torn_tracepoint = 0;
  EXPECT_EQ(trace("r0 hit tp=1\nr0 hit tp=1 nested=0\n"), "r0+ r0- r0+ r0/");
  subject_.torn_tracepoint = 1;
  EXPECT_EQ(trace("r0 hit tp=1 nested=0\n"), "r0+ r0/");
}

TEST_F(LockstepTest, TheMutexKeepsWritersApart) {
  EXPECT_EQ(trace("w0 register a park@publish 2\nw1 register a\nr0 hit\nr0 hit\n"),
            "w0+ w0~publish w1+ w1? r0+ r0- r0+ r0- w0- w1-");
}

TEST_F(LockstepTest, TheWorkerGoesBeforeTheNextLine) {
  subject_.on_hit = [this] { ++subject_.outstanding_; };
  EXPECT_EQ(trace("r0 hit tp=1\nr1 hit\n"), "r0+ r0- k0+ k0- r1+ r1-");
}

TEST_F(LockstepTest, TheNthWorkerLineHoldsTheParksOfItsNthRun) {
  subject_.on_hit = [this] { subject_.outstanding_ += 2; };
  EXPECT_EQ(trace("k0 run\nk0 run park@queued 1\nr0 hit tp=1\nr1 hit\n"), "r0+ r0- k0+ k0- k0+ k0~queued r1+ r1- k0-");
}

TEST_F(LockstepTest, WhoWaitsForNobodyIsStuck) {
  subject_.on_hit = [] { host().synchronize(0); };  // for its own section
  EXPECT_EQ(trace("r0 hit tp=1\nr1 hit\n"), "r0+ r0? r1+ r1- r0!");
  EXPECT_EQ(trace("r1 hit\n"), "r1+ r1-") << "and the next sequence runs as if nothing had been";
}

TEST_F(LockstepTest, AFaultEndsTheRunAndTheNextOneIsFresh) {
  subject_.on_hit = [] {
    volatile std::uintptr_t nowhere = 8;
    asm volatile("movb (%0), %%al" : : "r"(nowhere) : "rax");
  };
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(trace("w0 register a park@publish 9\nr0 hit tp=1\n"), "w0+ w0~publish r0+ r0*");
    EXPECT_EQ(trace("w0 register a\nr0 hit\n"), "w0+ w0- r0+ r0-");
  }
}

TEST_F(LockstepTest, AnIllegalInstructionIsAFault) {
  subject_.on_hit = [] { asm volatile("ud2"); };
  EXPECT_EQ(trace("r0 hit tp=1\n"), "r0+ r0*");
}

TEST_F(LockstepTest, AFaultOfTheHarnessIsNotCaught) {
  EXPECT_DEATH(
      {
        trace("r0 hit\n");
        volatile std::uintptr_t nowhere = 8;
        asm volatile("movb (%0), %%al" : : "r"(nowhere) : "rax");
      },
      "");
}

}  // namespace
}  // namespace tpfuzz
