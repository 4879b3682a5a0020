#include "fuzz/engine/cpu_run.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

// A removal of tracepoint 1 alone, and of 1 and 3.
Operation removal() {
  Operation operation;
  operation.verb = Verb::unregister_probe;
  operation.probes = 1;
  operation.tp = 1;
  return operation;
}

Operation batch() {
  Operation operation = removal();
  operation.further[3] = 1;
  return operation;
}

// A hit of tracepoint 1 whose probes hit tracepoint 2.
Operation nesting_hit() {
  Operation operation;
  operation.tp = 1;
  operation.nested = std::uint8_t{2};
  return operation;
}

CpuRun run_of(const Operation& line, int operation = 0) {
  CpuRun run;
  run.begin(operation, &line);
  return run;
}

TEST(CpuRun, OnlyTheNamedAllocationFails) {
  Operation line = removal();
  line.fail = 2;
  CpuRun run = run_of(line);
  EXPECT_FALSE(run.next_allocation_fails());
  EXPECT_TRUE(run.next_allocation_fails());
  EXPECT_FALSE(run.next_allocation_fails());
}

TEST(CpuRun, WithoutFailEveryAllocationSucceeds) {
  const Operation line = removal();
  CpuRun run = run_of(line);
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(run.next_allocation_fails());
}

TEST(CpuRun, EachOperationCountsItsOwnAllocations) {
  Operation line = removal();
  line.fail = 1;
  CpuRun run = run_of(line);
  EXPECT_TRUE(run.next_allocation_fails());
  run.begin(1, &line);
  EXPECT_TRUE(run.next_allocation_fails());
}

TEST(CpuRun, OnlyAnEnableHookRefusesAndOnlyWhereTheLineSaysSo) {
  Operation line = removal();
  EXPECT_EQ(run_of(line).hook_result(true), 0);
  line.hook_fails = true;
  EXPECT_EQ(run_of(line).hook_result(true), -EPERM);
  EXPECT_EQ(run_of(line).hook_result(false), 0);
}

TEST(CpuRun, AnOperationOfOneTracepointWorksOnThat) {
  const Operation line = removal();
  CpuRun run = run_of(line);
  run.works_on = 3;
  EXPECT_FALSE(run.is_batch());
  EXPECT_EQ(run.tracepoint(), 1);
}

TEST(CpuRun, ABatchWorksOnWhatItSays) {
  const Operation line = batch();
  CpuRun run = run_of(line);
  run.works_on = 3;
  EXPECT_TRUE(run.is_batch());
  EXPECT_EQ(run.tracepoint(), 3);
}

TEST(CpuRun, ARunOfTheWorkerWithoutALineIsNoBatch) {
  CpuRun run;
  run.begin(0, nullptr);
  EXPECT_FALSE(run.is_batch());
}

TEST(CpuRun, ABeginForgetsTheOperationBefore) {
  const Operation nesting = nesting_hit();
  CpuRun run = run_of(nesting);
  run.domain = 2;
  run.works_on = 3;
  run.dispatched = true;
  run.begin_nested();
  run.dispatched = true;
  const Operation next = batch();
  run.begin(7, &next);
  EXPECT_EQ(run.operation, 7);
  EXPECT_EQ(run.line, &next);
  EXPECT_EQ(run.domain, kOrdinary);
  EXPECT_EQ(run.works_on, 0);
  EXPECT_FALSE(run.dispatched);
  EXPECT_FALSE(run.nested);
}

// The runs of k0 count together.
TEST(CpuRun, ABeginKeepsTheSteps) {
  CpuRun run;
  run.steps = 12;
  run.begin(1, nullptr);
  EXPECT_EQ(run.steps, 12);
}

TEST(CpuRun, ANestedHitIsOfTheNestedTracepointUntilItEnds) {
  const Operation line = nesting_hit();
  CpuRun run = run_of(line);
  EXPECT_EQ(run.tracepoint(), 1);
  const CpuRun::Outer outer = run.begin_nested();
  EXPECT_EQ(run.tracepoint(), 2);
  run.end_nested(outer);
  EXPECT_EQ(run.tracepoint(), 1);
}

TEST(CpuRun, ANestedHitHasNotDispatched) {
  const Operation line = nesting_hit();
  CpuRun run = run_of(line);
  run.dispatched = true;
  run.begin_nested();
  EXPECT_FALSE(run.dispatched);
}

TEST(CpuRun, TheOuterHitFindsItsStateAgain) {
  const Operation line = nesting_hit();
  for (const bool dispatched : {false, true}) {
    CpuRun run = run_of(line);
    run.dispatched = dispatched;
    run.domain = 1;
    const CpuRun::Outer outer = run.begin_nested();
    run.dispatched = !dispatched;
    run.domain = 3;
    run.end_nested(outer);
    EXPECT_EQ(run.dispatched, dispatched);
    EXPECT_EQ(run.domain, 1);
  }
}

TEST(CpuRun, TheHitSaysWhoPassesWhat) {
  const Operation line = nesting_hit();
  CpuRun run = run_of(line, 5);
  run.dispatched = true;
  const CurrentHit hit = run.hit(4);
  EXPECT_EQ(hit.cpu, 4);
  EXPECT_EQ(hit.operation, 5);
  EXPECT_EQ(hit.tracepoint, 1);
  EXPECT_TRUE(hit.dispatched);
}

TEST(CpuRun, OnlyTheProbesOfAnOuterHitNest) {
  const Operation line = nesting_hit();
  CpuRun run = run_of(line);
  EXPECT_TRUE(run.hit(2).nests);
  run.begin_nested();
  EXPECT_FALSE(run.hit(2).nests);
  const Operation plain;
  EXPECT_FALSE(run_of(plain).hit(2).nests);
}

}  // namespace
}  // namespace tpfuzz
