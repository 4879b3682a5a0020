#include "fuzz/explore/step_cost.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

StepCost cost_of_steps(const std::string& steps) {
  const std::string text =
      "protocol p\n0->1: publish\n1->2: snapshot changed; publish\nN->N+1: publish\nN->N-1: publish\n2->1: " + steps +
      "\n1->0: snapshot removed; publish\n";
  return step_cost(std::get<tp::Protocol>(tp::parse_protocol(text)).of(tp::Transition::remove_to_one));
}

TEST(StepCostTest, AWaitIsCertainIfItsGracePeriodBeginsHere) {
  EXPECT_EQ(cost_of_steps("publish; synchronize; update_call"), (StepCost{.certain_waits = 1, .patches = 1}));
  EXPECT_EQ(cost_of_steps("publish; synchronize rcu tasks"), (StepCost{.certain_waits = 2}));
  EXPECT_EQ(cost_of_steps("publish; synchronize if first.data"), (StepCost{.possible_waits = 1}));
  EXPECT_EQ(cost_of_steps("await changed; publish"), (StepCost{.possible_waits = 1}));
  EXPECT_EQ(cost_of_steps("snapshot changed; await changed"), (StepCost{.certain_waits = 1, .cookies = 2}));
  EXPECT_EQ(cost_of_steps("snapshot changed if first.data; await changed"),
            (StepCost{.possible_waits = 1, .cookies = 1}));
  EXPECT_EQ(cost_of_steps("await changed; snapshot changed"), (StepCost{.possible_waits = 1, .cookies = 2}));
}

TEST(StepCostTest, OneNumberInTheSameOrder) {
  const StepCost wait{.certain_waits = 1};
  const StepCost patches{.possible_waits = 3, .patches = 20, .cookies = 7};
  EXPECT_LT(patches, wait);
  EXPECT_LT(patches.number(), wait.number());
  StepCost sum = wait;
  sum += patches;
  EXPECT_EQ(sum.number(), wait.number() + patches.number());
}

TEST(StepCostTest, OfShippedProtocols) {
  EXPECT_EQ(step_cost(tp::shipped_protocol("cookies")), (StepCost{.possible_waits = 2, .patches = 6, .cookies = 6}));
  EXPECT_EQ(step_cost(tp::shipped_protocol("231264d")), (StepCost{.certain_waits = 2, .patches = 6}));
}

}  // namespace
}  // namespace tpfuzz
