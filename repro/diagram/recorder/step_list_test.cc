// An execution event by event.
#include "repro/diagram/recorder/step_list.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fuzz/sequence/text.h"

namespace tpfuzz {
namespace {

std::vector<ListedStep> steps_of(const std::string& name, const std::string& lines) {
  EXPECT_EQ(prepare(), std::nullopt);
  const auto subject = std::get<std::unique_ptr<Subject>>(load_subject(name));
  const auto protocol = std::get<tp::Protocol>(protocol_of(SubjectRecord{name, {}}));
  const auto sequence = std::get<Sequence>(
      parse_text("tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\n" + lines));
  return listed(sequence, play(*subject, sequence), subject->rules(), &protocol);
}

bool has(const std::vector<ListedStep>& steps, const ListedStep& step) {
  return std::ranges::find(steps, step) != steps.end();
}

std::string lines_of(const std::vector<ListedStep>& steps) {
  std::string lines;
  for (const ListedStep& step : steps) lines += line_of(step) + "\n";
  return lines;
}

TEST(StepListTest, AnOperationIsSaidWithoutItsDelaysAndItsExpectation) {
  const auto steps = steps_of(
      "cookies", "w0 register b prio=5 tp=1 park@publish 1 -> 0\nr0 hit tp=1 site=1\nw1 unregister b -> ENOENT\n");
  EXPECT_TRUE(has(steps, {"w0", "register b prio=5 tp=1", "parked@publish", ""})) << lines_of(steps);
  EXPECT_TRUE(has(steps, {"r0", "hit tp=1 site=1", "started", ""})) << lines_of(steps);
  EXPECT_TRUE(has(steps, {"w1", "unregister b", "completed -> ENOENT", "returns -ENOENT"})) << lines_of(steps);
}

TEST(StepListTest, ABatchNamesItsTracepoints) {
  const auto steps = steps_of("cookies", "w0 register a\nw0 register b tp=1\nw0 unregister a tp=0, b tp=1\n");
  EXPECT_TRUE(
      has(steps, {"w0", "unregister a tp=0, b tp=1", "started", "unregister callback_a on tp0, callback_b on tp1"}))
      << lines_of(steps);
}

TEST(StepListTest, TheWorkersRunsAreNoOperationOfTheSequence) {
  const auto steps = steps_of("worker", "w0 register a\nw0 unregister a\nw0 register b\n");
  const auto of_worker = std::ranges::find(steps, "k0", &ListedStep::cpu);
  ASSERT_NE(of_worker, steps.end()) << lines_of(steps);
  EXPECT_EQ(*of_worker, (ListedStep{"k0", "run", "started", "sync_worker()"}));
  EXPECT_TRUE(std::ranges::all_of(
      steps, [](const ListedStep& step) { return (step.cpu == "k0") == (step.operation == "run"); }));
}

TEST(StepListTest, TheViolationIsTheLastStepOfWhoBrokeIt) {
  const auto steps = steps_of("f7ec412", "w0 register a\nr0 hit park@loaded 2\nw0 unregister a\nw0 register b\n");
  EXPECT_EQ(steps.back(), (ListedStep{"r0", "hit", "violation", "pairing: callback_b is called with data_a"}));
  EXPECT_EQ(std::ranges::count(steps, "violation", &ListedStep::event), 1);
}

TEST(StepListTest, ALineHasColumnsAndNoBlankAtItsEnd) {
  EXPECT_EQ(line_of({"r0", "hit", "locked", "rcu_read_lock()"}),
            "r0  hit            locked               rcu_read_lock()");
  EXPECT_EQ(line_of({"r0", "hit", "resumed", ""}), "r0  hit            resumed");
}

}  // namespace
}  // namespace tpfuzz
