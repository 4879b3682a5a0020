// An execution that is driven from outside is a value: saved, put back as often as wanted, and described.
#include "fuzz/engine/stepper.h"

#include <gtest/gtest.h>

#include "fuzz/execute.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/testing/driver.h"

namespace tpfuzz {
namespace {

class StepperTest : public testing::TestWithParam<std::string> {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }
  void SetUp() override {
    if (!ScheduledEngine::kCanSave) GTEST_SKIP() << "a sanitizer has books of its own on stacks";
  }
};

// "cookies", a puzzle, or with a trap handler "cookies, descriptor counted".
tp::Protocol protocol_named(const std::string& name) {
  const auto comma = name.find(", ");
  auto protocol = std::get<tp::Protocol>(protocol_of(SubjectRecord{name.substr(0, comma), {}}));
  for (int i = 0; i < tp::kTrapHandlers && comma != name.npos; ++i)
    if (tp::name(static_cast<tp::TrapHandler>(i)) == name.substr(comma + 2))
      protocol.trap = static_cast<tp::TrapHandler>(i);
  return protocol;
}

// An execution as it was at one moment, with all who take part in it.
struct Moment {
  Driver driver;
  Oracle oracle;
  SavedBytes bytes;
  Digest digest;
  std::vector<int> rest;  // the CPUs that went on from then on
};

// An execution that goes on from an earlier moment does what it did before: to the event.
TEST_P(StepperTest, WhatWasSavedGoesOnAsBefore) {
  const auto protocol = protocol_named(GetParam());
  const auto subject = subject_of(protocol);
  Random random(17);
  Stepper stepper(*subject);
  int restored = 0;
  int violations = 0;
  for (int i = 0; i < 4000; ++i) {
    Sequence sequence = generate(random);
    for (Operation& operation : sequence.operations) operation.parks.clear();
    std::vector<Moment> moments;
    Oracle oracle;
    Driver driver(sequence, stepper, oracle);
    for (auto choices = driver.choices(); !choices.empty(); choices = driver.choices()) {
      if (random.chance(1, 8)) {
        moments.push_back({driver, oracle, {}, stepper.describe().finish(), {}});
        stepper.save(moments.back().bytes);
      }
      const int cpu = driver.draw(choices, random);
      for (Moment& moment : moments) moment.rest.push_back(cpu);
      driver.step(cpu);
    }
    const Verdict verdict = oracle.verdict();
    violations += verdict.has_value();
    const std::uint64_t hash = stepper.trace().hash();
    for (const Moment& moment : moments) {  // forwards: what is put back was overwritten by what came later
      SavedReader in(moment.bytes.bytes());
      stepper.restore(in);
      oracle = moment.oracle;
      ASSERT_EQ(stepper.describe().finish(), moment.digest);
      Driver again = moment.driver;
      for (const int cpu : moment.rest) {
        ASSERT_TRUE(std::ranges::count(again.choices(), cpu)) << to_text(sequence);
        again.step(cpu);
      }
      ASSERT_TRUE(again.choices().empty());
      ASSERT_EQ(oracle.verdict(), verdict) << to_text(sequence);
      ASSERT_EQ(stepper.trace().hash(), hash) << to_text(sequence);
      ++restored;
    }
    stepper.end();
  }
  EXPECT_GT(restored, 10'000);
  EXPECT_EQ(violations > 0, protocol.status != tp::Protocol::Status::correct);
}

INSTANTIATE_TEST_SUITE_P(All, StepperTest,
                         testing::Values("cookies", "cookies-own", "worker", "352384d", "locked-late",
                                         "freed-too-early", "disable-after-unlock", "iterator-position-shared",
                                         "cookies, descriptor counted", "cookies, hook rendezvous"),
                         [](const auto& info) {
                           std::string name = "p_" + info.param;
                           std::erase(name, ',');
                           std::ranges::replace(name, '-', '_');
                           std::ranges::replace(name, ' ', '_');
                           return name;
                         });

}  // namespace
}  // namespace tpfuzz
