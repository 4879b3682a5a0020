#include "repro/check/costs.h"

#include <gtest/gtest.h>

#include "fuzz/execute.h"
#include "fuzz/subject/core_subject.h"

namespace tpfuzz {
namespace {

using tp::Transition;

class CostsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ASSERT_EQ(prepare(), std::nullopt); }

  static Costs of(std::string_view protocol) {
    const auto subject = core_subject(tp::shipped_protocol(protocol));
    return costs_of(*subject);
  }
  static const TransitionCost& at(const Cost& cost, Transition transition) {
    return cost[static_cast<std::size_t>(transition)];
  }
};

TEST_F(CostsTest, EachTransitionIsMadeTwiceUnderEachProtocol) {
  for (const tp::ShippedProtocol& shipped : tp::shipped_protocols()) {
    const Costs costs = of(shipped.name);
    EXPECT_TRUE(costs.broken.empty()) << shipped.name << ": the readers of the two sequences break nothing";
    for (const Cost& cost : {costs.in_a_row, costs.apart})
      for (const TransitionCost& its : cost) EXPECT_EQ(its.times, 2U) << shipped.name;
  }
}

// 231264d waits each time. cookies wait for what an earlier operation changed only in a row, and for what this one
// changed each time: one of the two 2->1 takes the first probe away.
TEST_F(CostsTest, InARowAProtocolWaitsAndApartOnlyOneThatAlwaysWaits) {
  const Costs always = of("231264d");
  EXPECT_EQ(at(always.in_a_row, Transition::remove_to_one).grace_periods, 2U);
  EXPECT_EQ(at(always.apart, Transition::remove_to_one).grace_periods, 2U);
  const Costs cookies = of("cookies");
  EXPECT_EQ(at(cookies.in_a_row, Transition::remove_to_one).grace_periods, 2U);
  EXPECT_EQ(at(cookies.apart, Transition::remove_to_one).grace_periods, 1U);
  EXPECT_EQ(at(cookies.in_a_row, Transition::add_first).grace_periods, 1U) << "the first one has nothing before it";
  for (const TransitionCost& its : cookies.apart)
    if (&its != &at(cookies.apart, Transition::remove_to_one)) EXPECT_EQ(its.grace_periods, 0U);
  EXPECT_EQ(at(cookies.in_a_row, Transition::remove_last).cookies, 2U);
  EXPECT_EQ(at(cookies.in_a_row, Transition::add_first).patches, 4U);
  for (const TransitionCost& its : of("iterator").in_a_row) EXPECT_EQ(its.grace_periods, 0U);
}

}  // namespace
}  // namespace tpfuzz
