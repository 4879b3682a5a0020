#include "core/probes.h"

#include <gtest/gtest.h>

#include <string>

#include "core/testing/call_log.h"
#include "core/testing/failing_env.h"

namespace tpfuzz::internal {
namespace {

using TestArrays = Arrays<FailingEnv>;
using TestEntry = TestArrays::Entry;

Probe probe(int func, char& data, int prio = kDefaultPriority) {
  constexpr void (*kFunctions[])(void*) = {&note<0>, &note<1>, &note<2>, &note<3>};
  return {reinterpret_cast<Function>(kFunctions[func]), &data, prio};
}

// "0a10 1b9 ...": func, data and priority of each entry as it lies in memory; "-" for a stub's func.
std::string show(const TestEntry* array) {
  if (array == nullptr) return "NULL";
  std::string out;
  for (; array->function() != nullptr; ++array) {
    std::string func = array->function() == &stub ? "-" : "?";
    for (int i = 0; i < 4; ++i)
      if (array->function() == probe(i, data_a).func) func = std::to_string(i);
    out += (out.empty() ? "" : " ") + func + *static_cast<const char*>(array->data) + std::to_string(array->prio);
  }
  return out;
}

// An array that is replaced by each change, as a tracepoint's is.
class ProbesTest : public testing::Test {
 protected:
  ~ProbesTest() override {
    FailingEnv::fail_at = 0;
    TestArrays::defer_free(array_, Domain::rcu);
    EXPECT_EQ(FailingEnv::allocated, FailingEnv::freed);
  }
  int add(const Probe& probe) {
    TestEntry* fresh = nullptr;
    const int error = TestArrays::insert(array_, probe, fresh);
    if (error == 0) replace(fresh);
    return error;
  }
  int remove(std::initializer_list<Probe> probes, bool fails = false) {
    TestEntry* fresh = nullptr;
    const int error = TestArrays::remove(array_, {probes.begin(), probes.size()}, fails, fresh);
    if (error == 0 && fresh != array_) replace(fresh);
    return error;
  }
  std::string shown() const { return show(array_); }
  TestEntry* array_ = nullptr;

 private:
  void replace(TestEntry* fresh) {
    TestArrays::defer_free(array_, Domain::rcu);
    array_ = fresh;
  }
};

TEST_F(ProbesTest, HigherPriorityComesFirst) {
  for (const int prio : {5, 20, -1, 10, 30}) {
    EXPECT_EQ(add({probe(0, data_a).func, new int, prio}), 0);  // the data only makes each another one
  }
  int last = 31;
  for (const TestEntry* entry = array_; entry->function() != nullptr; ++entry) {
    EXPECT_LT(entry->prio, last);
    last = entry->prio;
    delete static_cast<int*>(entry->data);
  }
  EXPECT_EQ(last, -1);
  EXPECT_EQ(count(array_), 5);
}

TEST_F(ProbesTest, EqualPrioritiesComeFirstComeFirst) {
  add(probe(0, data_a));
  add(probe(1, data_b, 20));
  add(probe(2, data_c));
  add(probe(3, data_d, 20));
  EXPECT_EQ(shown(), "1b20 3d20 0a10 2c10");
}

TEST_F(ProbesTest, TheSameFuncAndDataIsThereOnce) {
  EXPECT_EQ(add(probe(0, data_a)), 0);
  const TestEntry* const before = array_;
  EXPECT_EQ(add(probe(0, data_a)), -EEXIST);
  EXPECT_EQ(add(probe(0, data_a, 99)), -EEXIST);  // whatever the priority
  EXPECT_EQ(array_, before);
  EXPECT_EQ(add(probe(1, data_a)), 0);
  EXPECT_EQ(add(probe(0, data_b)), 0);
  EXPECT_EQ(add(probe(0, data_b)), -EEXIST);  // also where it is not the first
  EXPECT_EQ(shown(), "0a10 1a10 0b10");
}

TEST_F(ProbesTest, NoFunctionIsNoProbe) {
  EXPECT_EQ(add({nullptr, &data_a, 10}), -EINVAL);
  EXPECT_EQ(shown(), "NULL");
  add(probe(0, data_a));
  EXPECT_EQ(add({nullptr, &data_a, 10}), -EINVAL);
  EXPECT_EQ(shown(), "0a10");
}

TEST_F(ProbesTest, RemovalKeepsTheOrderOfTheRest) {
  for (const Probe& each : {probe(0, data_a), probe(1, data_b), probe(2, data_c), probe(3, data_d)}) add(each);
  EXPECT_EQ(remove({probe(1, data_b)}), 0);
  EXPECT_EQ(shown(), "0a10 2c10 3d10");
  EXPECT_EQ(remove({probe(3, data_d), probe(0, data_a)}), 0);
  EXPECT_EQ(shown(), "2c10");
  EXPECT_EQ(remove({probe(2, data_c)}), 0);
  EXPECT_EQ(shown(), "NULL");
}

TEST_F(ProbesTest, RemovalTakesFuncAndData) {
  for (const Probe& each : {probe(0, data_a), probe(0, data_b), probe(1, data_a)}) add(each);
  remove({probe(1, data_b)});  // each half of it is there, but not together
  EXPECT_EQ(shown(), "0a10 0b10 1a10");
  remove({probe(0, data_a, 77)});  // a removal has no priority
  EXPECT_EQ(shown(), "0b10 1a10");
}

TEST_F(ProbesTest, AbsentFromEmptyIsNoEntry) { EXPECT_EQ(remove({probe(0, data_a)}), -ENOENT); }

TEST_F(ProbesTest, AbsentFromSomeIsACopy) {
  add(probe(0, data_a));
  const TestEntry* const before = array_;
  TestEntry* fresh = nullptr;
  const Probe absent = probe(1, data_b);
  EXPECT_EQ(TestArrays::remove(array_, {&absent, 1}, false, fresh), 0);
  EXPECT_NE(fresh, before);
  EXPECT_EQ(show(fresh), "0a10");
  TestArrays::defer_free(fresh, Domain::rcu);
}

TEST_F(ProbesTest, NoFunctionRemovesAll) {
  EXPECT_EQ(remove({Probe{}}), -ENOENT);
  for (const Probe& each : {probe(0, data_a), probe(1, data_b), probe(2, data_c)}) add(each);
  EXPECT_EQ(remove({Probe{}}), 0);
  EXPECT_EQ(shown(), "NULL");
}

TEST_F(ProbesTest, AdditionWithoutMemoryChangesNothing) {
  add(probe(0, data_a));
  const TestEntry* const before = array_;
  FailingEnv::fail_at = 1;
  EXPECT_EQ(add(probe(1, data_b)), -ENOMEM);
  EXPECT_EQ(array_, before);
  EXPECT_EQ(shown(), "0a10");
}

TEST_F(ProbesTest, WhatIsRefusedAllocatesNothing) {
  add(probe(0, data_a));
  const int before = FailingEnv::allocated;
  add(probe(0, data_a));
  add({nullptr, nullptr, 1});
  EXPECT_EQ(FailingEnv::allocated, before);
}

TEST_F(ProbesTest, RemovalWithoutMemoryLeavesAStubInPlace) {
  for (const Probe& each : {probe(0, data_a), probe(1, data_b), probe(2, data_c)}) add(each);
  const TestEntry* const before = array_;
  FailingEnv::fail_at = 1;
  EXPECT_EQ(remove({probe(1, data_b)}), 0);
  EXPECT_EQ(array_, before);
  EXPECT_EQ(shown(), "0a10 -b10 2c10");  // the stub keeps the data
  EXPECT_EQ(count(array_), 2);
}

TEST_F(ProbesTest, ABatchWithoutMemoryLeavesAStubForEach) {
  for (const Probe& each : {probe(0, data_a), probe(1, data_b), probe(2, data_c)}) add(each);
  FailingEnv::fail_at = 1;
  EXPECT_EQ(remove({probe(0, data_a), probe(2, data_c)}), 0);
  EXPECT_EQ(shown(), "-a10 1b10 -c10");
  EXPECT_EQ(count(array_), 1);
}

TEST_F(ProbesTest, RemovalThatMayFailWithoutMemoryDoes) {
  for (const Probe& each : {probe(0, data_a), probe(1, data_b)}) add(each);
  FailingEnv::fail_at = 1;
  EXPECT_EQ(remove({probe(1, data_b)}, true), -ENOMEM);
  EXPECT_EQ(shown(), "0a10 1b10");
}

TEST_F(ProbesTest, TheNextArrayHasNoStub) {
  for (const Probe& each : {probe(0, data_a), probe(1, data_b), probe(2, data_c)}) add(each);
  FailingEnv::fail_at = 1;
  remove({probe(0, data_a)});
  ASSERT_EQ(shown(), "-a10 1b10 2c10");
  add(probe(3, data_d, 5));
  EXPECT_EQ(shown(), "1b10 2c10 3d5");
  FailingEnv::fail_at = 1;
  remove({probe(2, data_c)});
  ASSERT_EQ(shown(), "1b10 -c10 3d5");
  remove({probe(3, data_d)});
  EXPECT_EQ(shown(), "1b10");
}

TEST_F(ProbesTest, AStubbedProbeMayComeBack) {
  for (const Probe& each : {probe(0, data_a), probe(1, data_b)}) add(each);
  FailingEnv::fail_at = 1;
  remove({probe(0, data_a)});
  EXPECT_EQ(add(probe(0, data_a)), 0);
  EXPECT_EQ(shown(), "1b10 0a10");  // behind: it came later
}

TEST_F(ProbesTest, RemovalOfTheLastNeedsNoMemory) {
  for (const Probe& each : {probe(0, data_a), probe(1, data_b)}) add(each);
  FailingEnv::fail_at = 1;
  remove({probe(0, data_a)});
  ASSERT_EQ(shown(), "-a10 1b10");
  FailingEnv::fail_at = 1;
  EXPECT_EQ(remove({probe(1, data_b)}, true), 0);  // only a stub is left: that is nothing
  EXPECT_EQ(shown(), "NULL");
  EXPECT_EQ(FailingEnv::fail_at, 1);
}

TEST_F(ProbesTest, TheEmptyArrayCountsNone) {
  EXPECT_EQ(count<SharedWords>(nullptr), 0);
  TestArrays::defer_free(nullptr, Domain::rcu);
}

}  // namespace
}  // namespace tpfuzz::internal
