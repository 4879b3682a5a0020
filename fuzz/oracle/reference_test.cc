// The reference model, rule by rule; and against the core's own arrays over random operations.
#include "fuzz/oracle/reference.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "core/probes.h"
#include "fuzz/sequence/random.h"

namespace tpfuzz {
namespace {

Operation registers(int slot, std::optional<std::int32_t> prio = {}) {
  Operation operation;
  operation.verb = Verb::register_probe;
  operation.probes = static_cast<std::uint8_t>(1 << slot);
  operation.prio = prio;
  return operation;
}

Operation unregisters(int mask) {
  Operation operation;
  operation.verb = Verb::unregister_probe;
  operation.probes = static_cast<std::uint8_t>(mask);
  return operation;
}

Operation registers_null() {
  Operation operation = registers(0);
  operation.probes = 0;
  return operation;
}

Operation without_memory(Operation operation) {
  operation.fail = 1;
  return operation;
}

Operation refused(Operation operation) {
  operation.hook_fails = true;
  return operation;
}

Sequence probes_with_priority(std::int32_t prio) {
  Sequence sequence;
  for (std::uint8_t i = 0; i < kMaxProbes; ++i) sequence.probes[i] = Probe{i, i, prio};
  return sequence;
}

const Sequence kProbes = probes_with_priority(10);

TEST(Reference, HigherPriorityComesFirstAndEqualOnesInOrder) {
  ProbeList list;
  for (const auto& [slot, prio] : {std::pair{0, 10}, {1, 10}, {2, 20}, {3, 5}})
    list = plan(registers(slot, prio), kProbes, list, {}).list;
  EXPECT_EQ(list, (ProbeList{{2, 20}, {0, 10}, {1, 10}, {3, 5}}));
}

TEST(Reference, RefusesWithTheKernelsErrors) {
  const ProbeList one = {{0, 10}};
  EXPECT_EQ(plan(registers(0, 99), kProbes, one, {}).result, -EEXIST);
  EXPECT_EQ(plan(unregisters(1), kProbes, {}, {}).result, -ENOENT);
  EXPECT_EQ(plan(registers_null(), kProbes, one, {}).result, -EINVAL);
  Operation fails = without_memory(registers(1));
  EXPECT_EQ(plan(fails, kProbes, one, {}).result, -ENOMEM);
  fails.fail = 2;
  EXPECT_EQ(plan(fails, kProbes, one, {}).result, 0);
  EXPECT_EQ(plan(refused(registers(0)), kProbes, {}, {}).result, -EPERM);
  EXPECT_EQ(plan(refused(registers(0)), kProbes, {{1, 10}}, {}).result, 0) << "the hook runs on 0->1 only";
}

// A batch over tracepoints 0 to 3, which hold `lists`.
Parts plans_of(int fail, bool enomem_fails, const std::array<ProbeList, kMaxTracepoints>& lists) {
  Operation batch = unregisters(0b1);
  batch.further = {0, 0b1, 0b1, 0b10};
  batch.fail = static_cast<std::uint8_t>(fail);
  return plan_parts(batch, kProbes, {&lists[0], &lists[1], &lists[2], &lists[3]}, {.enomem_fails = enomem_fails});
}

TEST(Reference, ABatchHasAPlanForEachTracepoint) {
  const Parts parts = plans_of(0, false, {{{{0, 10}}, {}, {{0, 10}, {1, 10}}, {{0, 10}, {2, 10}}}});
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(parts[0].plan.hooks, (HookRuns{0, 1}));
  EXPECT_EQ(parts[0].plan.transition, tp::Transition::remove_last);
  EXPECT_EQ(parts[1].plan.result, -ENOENT);
  EXPECT_EQ(parts[2].plan.list, (ProbeList{{1, 10}}));
  EXPECT_EQ(parts[3].plan.list, (ProbeList{{0, 10}, {2, 10}})) << "the probe is not there";
  EXPECT_EQ(parts[3].tracepoint, 3);
  EXPECT_EQ(result_of(parts), -ENOENT) << "the others go anyway";
}

// What leaves nothing allocates nothing, and neither does an empty tracepoint.
TEST(Reference, TheAllocationsOfABatchAreCountedTogether) {
  const std::array<ProbeList, kMaxTracepoints> lists = {{{{0, 10}}, {}, {{0, 10}, {1, 10}}, {{0, 10}, {1, 10}}}};
  const auto changes = [&](int fail) {
    std::vector<Plan::Change> changes;
    for (const PlanPart& part : plans_of(fail, false, lists)) changes.push_back(part.plan.change);
    return changes;
  };
  using enum Plan::Change;
  EXPECT_EQ(changes(1), (std::vector{publish, none, stub, publish}));
  EXPECT_EQ(changes(2), (std::vector{publish, none, publish, stub}));
  EXPECT_EQ(changes(3), (std::vector{publish, none, publish, publish}));
  EXPECT_EQ(plans_of(2, true, lists)[3].plan.result, -ENOMEM);
}

TEST(Reference, TransitionsGoByTheNewLength) {
  EXPECT_EQ(plan(registers(0), kProbes, {}, {}).transition, tp::Transition::add_first);
  EXPECT_EQ(plan(registers(1), kProbes, {{0, 10}}, {}).transition, tp::Transition::add_second);
  EXPECT_EQ(plan(registers(2), kProbes, {{0, 10}, {1, 10}}, {}).transition, tp::Transition::add_more);
  const ProbeList three = {{0, 10}, {1, 10}, {2, 10}};
  EXPECT_EQ(plan(unregisters(1), kProbes, three, {}).transition, tp::Transition::remove_to_more);
  EXPECT_EQ(plan(unregisters(3), kProbes, three, {}).transition, tp::Transition::remove_to_one);
  EXPECT_EQ(plan(unregisters(7), kProbes, three, {}).transition, tp::Transition::remove_last);
  EXPECT_EQ(plan(unregisters(0), kProbes, three, {}).transition, tp::Transition::remove_last) << "the NULL function";
  EXPECT_EQ(plan(unregisters(8), kProbes, three, {}).transition, tp::Transition::remove_to_more) << "an absent probe";
}

TEST(Reference, ARemovalWithoutMemoryStubsOrFails) {
  const Operation remove = without_memory(unregisters(1));
  const ProbeList two = {{0, 10}, {1, 10}};
  const Plan stubbed = plan(remove, kProbes, two, {});
  EXPECT_EQ(stubbed.result, 0);
  EXPECT_EQ(stubbed.change, Plan::Change::stub);
  EXPECT_EQ(stubbed.list, (ProbeList{{1, 10}}));
  const Plan failed = plan(remove, kProbes, two, {.enomem_fails = true});
  EXPECT_EQ(failed.result, -ENOMEM);
  EXPECT_EQ(failed.list, two);
  EXPECT_EQ(plan(remove, kProbes, {{0, 10}}, {.enomem_fails = true}).result, 0) << "to zero needs no memory";
}

// What an operation returns and which hooks it runs.
struct HookCase {
  const char* what;
  Operation operation;
  ProbeList list;
  int result;
  HookRuns hooks;
};

TEST(Reference, HooksRunOnTheFirstRegistrationAndTheLastRemoval) {
  const ProbeList none;
  const ProbeList one = {{0, 10}};
  const ProbeList two = {{0, 10}, {1, 10}};
  const HookCase cases[] = {
      {"first registration", registers(0), none, 0, {1, 0}},
      {"second registration", registers(1), one, 0, {0, 0}},
      {"third registration", registers(2), two, 0, {0, 0}},
      {"registered already", registers(0), one, -EEXIST, {0, 0}},
      {"null, on none", registers_null(), none, -EINVAL, {1, 1}},
      {"null, on one", registers_null(), one, -EINVAL, {0, 0}},
      {"no memory, on none", without_memory(registers(0)), none, -ENOMEM, {1, 1}},
      {"no memory, on one", without_memory(registers(1)), one, -ENOMEM, {0, 0}},
      {"refused, on none", refused(registers(0)), none, -EPERM, {1, 0}},
      {"refused, on one", refused(registers(1)), one, 0, {0, 0}},
      {"refused comes before null", refused(registers_null()), none, -EPERM, {1, 0}},
      {"refused comes before memory", refused(without_memory(registers(0))), none, -EPERM, {1, 0}},
      {"one of two", unregisters(1), two, 0, {0, 0}},
      {"the last one", unregisters(1), one, 0, {0, 1}},
      {"the last one, without memory", without_memory(unregisters(1)), one, 0, {0, 1}},
      {"a batch of all", unregisters(3), two, 0, {0, 1}},
      {"a batch of all and an absent probe", unregisters(7), two, 0, {0, 1}},
      {"a batch that leaves one", unregisters(6), two, 0, {0, 0}},
      {"null", unregisters(0), two, 0, {0, 1}},
      {"an absent probe", unregisters(4), two, 0, {0, 0}},
      {"of none", unregisters(1), none, -ENOENT, {0, 0}},
      {"null, of none", unregisters(0), none, -ENOENT, {0, 0}},
  };
  for (const auto& [what, operation, list, result, hooks] : cases)
    for (const bool enomem_fails : {false, true}) {
      const Plan planned = plan(operation, kProbes, list, {.enomem_fails = enomem_fails});
      EXPECT_EQ(planned.result, result) << what;
      EXPECT_EQ(planned.hooks, hooks) << what;
    }
}

TEST(Reference, ARemovalWithoutMemoryRunsNoHooks) {
  const ProbeList two = {{0, 10}, {1, 10}};
  for (const bool enomem_fails : {false, true})
    EXPECT_EQ(plan(without_memory(unregisters(1)), kProbes, two, {.enomem_fails = enomem_fails}).hooks, HookRuns{});
}

// The core's arrays with an allocator that fails on demand.
struct ArrayEnv {
  using Words = tp::SharedWords;
  struct Header {};
  struct Cookie {};
  static inline bool fails = false;
  static Header* allocate(std::size_t size) {
    return fails ? nullptr : ::new (std::malloc(size)) Header;  // NOLINT: given back by defer_free
  }
  static void defer_free(Header* header, tp::Domains /*at_once*/) { std::free(header); }
};

using Entry = tp::Arrays<ArrayEnv>::Entry;

int number_of(const Entry& entry) { return *static_cast<const int*>(entry.data); }

TEST(Reference, AgreesWithTheArraysOverRandomOperations) {
  static int numbers[kMaxProbes] = {0, 1, 2, 3, 4, 5, 6, 7};
  static void (*const function)() = [] {};
  Random random(1);
  for (int run = 0; run < 20'000; ++run) {
    Entry* array = nullptr;
    ProbeList list;
    const bool enomem_fails = random.chance(1, 2);
    for (int step = 0; step < 12; ++step) {
      const bool adds = random.chance(1, 2);
      Operation operation = adds ? registers(static_cast<int>(random.below(4)), random.below(3))
                                 : unregisters(static_cast<int>(1 + random.below(15)));
      operation.fail = random.chance(1, 4);
      ArrayEnv::fails = operation.fail == 1;
      std::vector<tp::Probe> probes;
      for (int slot = 0; slot < 4; ++slot)
        if ((operation.probes >> slot & 1) != 0)
          probes.push_back({function, &numbers[slot], operation.prio.value_or(0)});
      Entry* fresh = nullptr;
      const int result = adds ? tp::Arrays<ArrayEnv>::insert(array, probes[0], fresh)
                              : tp::Arrays<ArrayEnv>::remove(array, probes, enomem_fails, fresh);
      const Plan expected = plan(operation, kProbes, list, {.enomem_fails = enomem_fails});
      ASSERT_EQ(result, expected.result);
      if (result == 0 && fresh != array) tp::Arrays<ArrayEnv>::defer_free(std::exchange(array, fresh), tp::Domain::rcu);
      list = expected.list;
      ASSERT_EQ(tp::count(array), static_cast<int>(list.size()));
      std::size_t at = 0;
      for (const Entry* entry = array; entry != nullptr && entry->function() != nullptr; ++entry)
        if (entry->function() != &tp::stub) ASSERT_EQ(number_of(*entry), list[at++].slot);
    }
    tp::Arrays<ArrayEnv>::defer_free(array, tp::Domain::rcu);
  }
}

}  // namespace
}  // namespace tpfuzz
