#include "repro/session/status.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "repro/io/file.h"
#include "repro/session/json.h"
#include "repro/session/place.h"

namespace tpfuzz {
namespace {

Session::Moment moment(std::int64_t run, std::int64_t seconds, std::int64_t executions) {
  return {.run = run, .seconds = seconds, .executions = executions, .corpus = 7, .sanitizer = "address", .jobs = 2};
}

// Two runs: one of 100 executions, and one that began at 1000.
Session two_runs() {
  Session session;
  session.history = {moment(10, 0, 0), moment(10, 5, 100), moment(1000, 0, 100), moment(1000, 5, 600),
                     moment(1000, 10, 1600)};
  session.runs = {{.run = 10, .seconds = 5}, {.run = 1000, .seconds = 60, .ignored = {"known"}}};
  session.findings = {{.token = "known"},
                      {.token = "new", .verdict = "line", .explanation = "why"},
                      {.token = "report", .verdict = "line"}};
  return session;
}

TEST(Status, OfARunAtWork) {
  const SessionStatus status = status_of(two_runs(), {.executions = 2000, .met = 1, .possible = 2}, true, 1012);
  EXPECT_EQ(status.phase, Phase::fuzzing);
  EXPECT_EQ(status.seconds, 12);
  EXPECT_EQ(status.planned, 60);
  EXPECT_EQ(status.executions, 1900);
  EXPECT_EQ(status.speed, (2000 - 600) / 7) << "since the last moment that is five seconds old";
  EXPECT_EQ(status.jobs, 2);
  EXPECT_EQ(status.corpus, 7);
}

TEST(Status, OfOneThatHasEndedTheClockStands) {
  const SessionStatus status = status_of(two_runs(), {.executions = 2100}, false, 5000);
  EXPECT_EQ(status.phase, Phase::ended);
  EXPECT_EQ(status.seconds, 10);
  EXPECT_EQ(status.speed, 200);
}

TEST(Status, OnceItsTimeIsUpItFinishes) { EXPECT_EQ(status_of(two_runs(), {}, true, 1060).phase, Phase::finishing); }

TEST(Status, WhatTheRunIgnoresIsNoFinding) {
  const SessionStatus status = status_of(two_runs(), {}, true, 1012);
  ASSERT_EQ(status.findings.size(), 2U);
  EXPECT_EQ(status.findings[0].why, "why");
  EXPECT_EQ(status.findings[1].why, "line") << "of a sanitizer's report";
}

TEST(Status, OfASessionThatHasNotedNothing) {
  const SessionStatus status = status_of({}, {}, true, 5000);
  EXPECT_EQ(status.seconds, 0);
  EXPECT_EQ(status.executions, 0);
}

class StatusReaderTest : public testing::Test {
 protected:
  StatusReaderTest() {
    plan_.subject = {"d25e37d", ""};
    plan_.state = work_.path() + "/d25e37d";
    plan_.corpus = plan_.state + "/corpus";
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(work_.path() + name) << text; }

  WorkDirectory work_;
  SessionPlan plan_;
};

TEST_F(StatusReaderTest, KnowsWhetherOneIsAtWorkAndWhatWasMinimised) {
  write("/crash-1", "tpfuzz 1\nr0 hit\nr0 hit\nr0 hit\n");
  {
    const StateDirectory state(plan_);
    write("/d25e37d/history.jsonl", to_line(Moment{.run = 1, .sanitizer = "none", .jobs = 1}) + '\n');
    write("/d25e37d/findings.jsonl", to_line(FindingLine{.token = "t",
                                                         .verdict = "tpfuzz: VIOLATION invariant=pairing protocol=d",
                                                         .artifact = "crash-1",
                                                         .sequence = "s.seq",
                                                         .explanation = "w"}) +
                                         '\n');
    StatusReader reader(plan_.state);
    const SessionStatus status = reader.read();
    EXPECT_EQ(status.phase, Phase::fuzzing);
    EXPECT_EQ(status.called, "d25e37d");
    ASSERT_EQ(status.findings.size(), 1U);
    EXPECT_EQ(size_words(status.findings[0]), "3 operations, not minimised yet");
    write("/s.seq", "tpfuzz 1\nr0 hit\n");
    EXPECT_EQ(size_words(reader.read().findings.at(0)), "3 -> 1 operation");
  }
  const SessionStatus status = StatusReader(plan_.state).read();
  EXPECT_EQ(status.phase, Phase::ended);
  EXPECT_EQ(plain_lines(status).at(2),
            "tpfuzz: found: t  3 -> 1 operation  file: " + work_.path() + "/crash-1  why: w");
  const std::string json = to_line(status);
  for (const char* part :
       {R"("state":"ended")", R"("explanation":"w")", R"("token":"t")", R"("operations":3,"fewest":1)"})
    EXPECT_NE(json.find(part), std::string::npos) << json;
}

TEST_F(StatusReaderTest, RefusesWhatIsNoSession) { EXPECT_THROW(StatusReader("/nosuch"), InputError); }

}  // namespace
}  // namespace tpfuzz
