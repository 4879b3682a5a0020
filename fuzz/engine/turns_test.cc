// Whatever a scheduler finds is an ordinary sequence: a drawn schedule, told as turns, told as parks, is the same
// execution.
#include "fuzz/engine/turns.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fuzz/engine/random_schedule.h"
#include "fuzz/engine/stepper.h"
#include "fuzz/engine/turn_schedule.h"
#include "fuzz/execute.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/subject/core_subject.h"

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

// Drives an execution of `sequence` by chance, to its end or until `oracle` ends it. A CPU mostly goes on after a stop:
// so the delays of the others are long ones, too.
class Driver {
 public:
  Driver(const Sequence& sequence, Stepper& stepper) : sequence_(sequence), stepper_(stepper) {}

  const Trace& drive(Oracle& oracle, Random& random) {
    oracle.start(sequence_, {});
    stepper_.start(sequence_, oracle);
    int last = 0;
    for (bool goes_on = true; goes_on;) {
      std::vector<int> choices;
      for (int cpu = 0; cpu < kMaxCpus; ++cpu)
        if (can_step(cpu)) choices.push_back(cpu);
      if (choices.empty()) break;
      const bool stays = std::ranges::find(choices, last) != choices.end() && random.chance(15, 16);
      if (!stays) last = choices[static_cast<std::size_t>(random.below(static_cast<int>(choices.size())))];
      goes_on = step(last);
    }
    return stepper_.end();
  }

 private:
  // k0 begins before any line does.
  bool can_step(int cpu) const {
    if (!stepper_.enabled(cpu)) return false;
    if (!stepper_.idle(cpu) || cpu == kWorkerCpu) return true;
    return next_line(cpu).has_value() && !(stepper_.idle(kWorkerCpu) && stepper_.enabled(kWorkerCpu));
  }

  bool step(int cpu) {
    if (!stepper_.idle(cpu) || cpu == kWorkerCpu) return stepper_.step(cpu);
    const int line = *next_line(cpu);
    begun_[static_cast<std::size_t>(cpu)] = line + 1;
    return stepper_.step(cpu, line);
  }

  std::optional<int> next_line(int cpu) const {
    for (int line = begun_[static_cast<std::size_t>(cpu)]; line < std::ssize(sequence_.operations); ++line)
      if (sequence_.operations[static_cast<std::size_t>(line)].cpu.number() == cpu) return line;
    return std::nullopt;
  }

  const Sequence& sequence_;
  Stepper& stepper_;
  std::array<int, kMaxCpus> begun_{};  // where the search for the next line of a CPU begins
};

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
    const Trace& trace = Driver(sequence, stepper).drive(oracle, random);
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
