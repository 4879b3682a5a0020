// What is wrong is mended by few changes, and what is right by none.
#include "fuzz/explore/repair.h"

#include <gtest/gtest.h>

#include "fuzz/execute.h"
#include "fuzz/explore/explorer.h"
#include "fuzz/explore/synthesis.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/subject/protocol_text.h"

namespace tpfuzz {
namespace {

class RepairTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }
  void SetUp() override {
    if (!ScheduledEngine::kCanSave) GTEST_SKIP() << "a sanitizer has books of its own on stacks";
  }

  static constexpr Bounds kBounds{.operations = 4, .probes = 3};

  static std::optional<Synthesized> mended(const tp::Protocol& wrong, int most) {
    const ProtocolSpace space = repair_space(wrong, false);
    Refuter refuter(&subject_of, {kBounds});
    std::optional<Synthesized> right;
    synthesize(space, refuter,
               {.most = (most + 1) * kCostOfChange - 1, .minimal = false, .found = [&](const Synthesized& its) {
                  right = its;
                  return false;
                }});
    return right;
  }
};

TEST_F(RepairTest, WhatIsRightStaysAsItIs) {
  const tp::Protocol cookies = tp::shipped_protocol("cookies");
  const auto right = mended(cookies, 2);
  ASSERT_TRUE(right);
  EXPECT_EQ(changes(right->cost), 0);
  for (std::size_t i = 0; i < tp::kTransitions; ++i)
    EXPECT_EQ(to_text(right->protocol.steps[i]), to_text(cookies.steps[i]));
}

TEST_F(RepairTest, MendsWithAsFewChangesAsThereCanBe) {
  for (const auto& [name, count] : {std::pair("worker-sketch", 1), std::pair("f7ec412", 2)}) {
    const tp::Protocol wrong = tp::shipped_protocol(name);
    EXPECT_FALSE(mended(wrong, count - 1)) << name;
    const auto right = mended(wrong, count);
    ASSERT_TRUE(right) << name;
    EXPECT_EQ(changes(right->cost), count);
    const auto subject = subject_of(right->protocol);
    EXPECT_TRUE(explore(*subject, kBounds).complete) << to_text(right->protocol);
  }
}

TEST_F(RepairTest, DropsMistakes) {
  const auto parsed =
      tp::parse_protocol(std::string(tp::shipped_text("cookies")) + "mistake: lowest-dropped\n", dialect());
  ASSERT_TRUE(std::holds_alternative<tp::Protocol>(parsed)) << std::get<tp::ProtocolError>(parsed).message;
  const auto right = mended(std::get<tp::Protocol>(parsed), 1);
  ASSERT_TRUE(right);
  EXPECT_TRUE(right->protocol.mistakes.empty());
}

}  // namespace
}  // namespace tpfuzz
