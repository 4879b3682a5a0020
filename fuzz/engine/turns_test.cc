// Whatever a scheduler finds is an ordinary sequence: a drawn schedule, told as turns, told as parks, is the same
// execution.
#include "fuzz/engine/turns.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fuzz/engine/random_schedule.h"
#include "fuzz/engine/turn_schedule.h"
#include "fuzz/execute.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/testing/driver.h"

namespace tpfuzz {
namespace {

// What the CPUs did, in their order, without where they were delayed.
std::vector<Event> deeds(const Trace& trace) {
  std::vector<Event> deeds;
  for (const Event& event : trace.events())
    if (event.kind != Event::Kind::parked && event.kind != Event::Kind::waits && event.kind != Event::Kind::resumed)
      deeds.push_back(event);
  return deeds;
}

// The same for lines that may stand in another order: an operation by its CPU and its number there.
std::vector<std::uint64_t> deeds_by_cpu(const Trace& trace) {
  std::array<std::uint8_t, kMaxCpus> begun{};
  std::vector<std::uint64_t> words;
  for (Event event : deeds(trace)) {
    if (event.kind == Event::Kind::started) ++begun[event.cpu];
    event.operation = begun[event.cpu];
    words.push_back(std::bit_cast<std::uint64_t>(event));
  }
  return words;
}

class TurnsTest : public testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }
};

Sequence draw(Random& random) {
  Sequence sequence = generate(random);
  for (Operation& operation : sequence.operations) operation.parks.clear();
  return sequence;
}

TEST_P(TurnsTest, ADrawnScheduleIsASequence) {
  const auto subject = core_subject(tp::shipped_protocol(GetParam()));
  Random random(14);
  RandomSchedule drawn(random, 4);
  Executor by_chance(*subject, nullptr, EngineKind::lockstep, &drawn);
  Executor by_text(*subject);
  int told = 0;
  int delayed = 0;
  int violations = 0;
  for (int i = 0; i < 3000; ++i) {
    const Sequence sequence = draw(random);
    const Execution execution = by_chance.run(sequence);
    const std::vector<Turn> turns = turns_of(sequence, execution.trace.events());
    const std::optional<Sequence> parked = as_parks(sequence, turns);
    if (!parked) continue;
    ASSERT_EQ(validate(*parked), std::nullopt);
    const auto expected = deeds_by_cpu(execution.trace);
    const Verdict verdict = execution.verdict;
    const Execution replayed = by_text.run(*parked);
    ASSERT_EQ(replayed.verdict, verdict) << to_text(*parked);
    ASSERT_EQ(deeds_by_cpu(replayed.trace), expected) << to_text(*parked);
    ++told;
    delayed += turns.size() > sequence.operations.size();
    violations += verdict.has_value();
  }
  EXPECT_GT(told, 2800);
  EXPECT_GT(delayed, 2000);
  EXPECT_EQ(violations > 0, GetParam() == "352384d");
}

// Drives an execution by chance, to its end or until `oracle` ends it.
const Trace& drive(const Sequence& sequence, Stepper& stepper, Oracle& oracle, Random& random) {
  Driver driver(sequence, stepper, oracle);
  for (auto choices = driver.choices(); !choices.empty(); choices = driver.choices())
    driver.step(driver.draw(choices, random));
  return stepper.end();
}

TEST_P(TurnsTest, WhatIsDrivenFromOutsideIsASequence) {
  const auto subject = core_subject(tp::shipped_protocol(GetParam()));
  Random random(16);
  Stepper stepper(*subject);
  Executor by_text(*subject);
  Oracle oracle;
  int told = 0;
  int stops = 0;
  int violations = 0;
  for (int i = 0; i < 3000; ++i) {
    const Sequence sequence = draw(random);
    const Trace& trace = drive(sequence, stepper, oracle, random);
    stops += static_cast<int>(std::ranges::count(trace.events(), Event::Kind::parked, &Event::kind));
    const std::optional<Sequence> parked = as_parks(sequence, turns_of(sequence, trace.events()));
    if (!parked) continue;
    const auto expected = deeds_by_cpu(trace);
    const Verdict verdict = oracle.verdict();
    const Execution replayed = by_text.run(*parked);
    ASSERT_EQ(replayed.verdict, verdict) << to_text(*parked);
    ASSERT_EQ(deeds_by_cpu(replayed.trace), expected) << to_text(*parked);
    ++told;
    violations += verdict.has_value();
  }
  EXPECT_GT(told, 1000);
  EXPECT_GT(stops, 100'000);
  EXPECT_EQ(violations > 0, tp::shipped_protocol(GetParam()).status == tp::Protocol::Status::broken);
}

// What the text decides, a list of turns decides, too: to the event.
TEST_P(TurnsTest, AListOfTurnsIsASchedule) {
  const auto subject = core_subject(tp::shipped_protocol(GetParam()));
  Random random(15);
  TurnSchedule listed;
  Executor by_turns(*subject, nullptr, EngineKind::lockstep, &listed);
  Executor by_text(*subject);
  for (int i = 0; i < 3000; ++i) {
    const Sequence sequence = generate(random);
    const Execution execution = by_text.run(sequence);
    const std::uint64_t hash = execution.trace.hash();
    const Verdict verdict = execution.verdict;
    const std::vector<Turn> turns = turns_of(sequence, execution.trace.events());
    listed.follow(turns);
    const Execution followed = by_turns.run(sequence);
    ASSERT_EQ(followed.trace.hash(), hash) << to_text(sequence);
    ASSERT_EQ(followed.verdict, verdict);
  }
}

INSTANTIATE_TEST_SUITE_P(All, TurnsTest, testing::Values("cookies", "worker", "352384d", "worker-sketch"),
                         [](const auto& info) {
                           std::string name = "p_" + info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace tpfuzz
