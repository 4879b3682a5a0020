// The engine `stress`: what it finds, what it stays silent on, and that it judges what it should.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/execute.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/mutate.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"

namespace tpfuzz {
namespace {

const std::filesystem::path kSeeds = TPFUZZ_SOURCE_DIR "/corpus/seeds";

Sequence seed(const std::string& name) {
  std::ifstream file(kSeeds / name);
  EXPECT_TRUE(file) << name;
  auto parsed = parse_text(std::string{std::istreambuf_iterator<char>(file), {}});
  EXPECT_TRUE(std::holds_alternative<Sequence>(parsed)) << name;
  return std::get<Sequence>(std::move(parsed));
}

// The first violation in so many runs.
Verdict find(const std::string& protocol, const Sequence& sequence, int runs) {
  const auto subject = core_subject(tp::shipped_protocol(protocol));
  StressExecutor executor(*subject);
  Random random(1);
  for (int i = 0; i < runs; ++i)
    if (Verdict verdict = executor.run(sequence, random)) return verdict;
  return std::nullopt;
}

class StressEngineTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(prepare().value_or(""), ""); }
};

TEST_F(StressEngineTest, FindsThePairingOfTheFirstMail) {
  const Verdict verdict = find("d25e37d", seed("add-higher-priority.seq"), 100'000);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->invariant, Invariant::pairing);
}

TEST_F(StressEngineTest, FindsTheDelayedReader) {
  const Verdict verdict = find("352384d", seed("one-zero-one.seq"), 100'000);
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->invariant, Invariant::pairing);
}

class StressOnProtocolTest : public testing::TestWithParam<const char*> {};

TEST_P(StressOnProtocolTest, StaysSilent) {
  ASSERT_EQ(prepare().value_or(""), "");
  const auto subject = core_subject(tp::shipped_protocol(GetParam()));
  StressExecutor executor(*subject);
  Random random(2);
  Sequence sequence;
  for (int i = 0; i < 1500; ++i) {
    if (random.chance(1, 2) || sequence.operations.empty())
      sequence = generate(random);
    else
      mutate(sequence, random);
    const Verdict verdict = executor.run(sequence, random);
    ASSERT_FALSE(verdict) << token(*verdict) << "\n" << to_text(sequence);
  }
}

INSTANTIATE_TEST_SUITE_P(Correct, StressOnProtocolTest, testing::Values("231264d", "cookies", "worker", "iterator"),
                         [](const auto& info) { return std::string("p_") + info.param; });

}  // namespace
}  // namespace tpfuzz
