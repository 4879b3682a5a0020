#include "fuzz/explore/executions.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tpfuzz {
namespace {

TEST(ExecutionsTest, CountsTheWaysToAnEnd) {
  Executions executions({});
  EXPECT_EQ(executions.count(), 1);
  executions.add_step(0, 2, false);
  executions.add_step(0, 1, false);
  executions.add_step(2, 1, false);  // a later state leads to an earlier one
  executions.add_step(1, 3, false);
  executions.add_step(1, 4, false);
  executions.add_end(2, false);
  EXPECT_EQ(executions.count(), 5);
}

TEST(ExecutionsTest, ManyStepsDoubleTheWays) {
  Executions executions({});
  for (std::uint32_t i = 0; i < 100'000; ++i) executions.add_step(i, i + 1, false);
  for (std::uint32_t i = 0; i < 100; ++i) executions.add_step(i, i + 1, false);
  EXPECT_EQ(executions.count(), std::exp2(100));
}

// Two operations at most, each of which leads back to where it began: none is no end, as one can still begin.
TEST(ExecutionsTest, OperationsAreBounded) {
  Executions executions(2);
  executions.add_step(0, 1, true);
  executions.add_step(0, 2, true);
  executions.add_step(1, 0, false);
  executions.add_step(2, 0, false);
  executions.add_end(0, true);
  EXPECT_EQ(executions.count(), 7);
}

TEST(ExecutionsTest, ACircleHasNoEnd) {
  Executions executions({});
  executions.add_step(0, 1, false);
  executions.add_step(1, 2, false);
  executions.add_step(2, 1, false);
  executions.add_step(2, 3, false);
  EXPECT_TRUE(std::isinf(executions.count()));
}

}  // namespace
}  // namespace tpfuzz
