// unregister_probes: many tracepoints, one wait.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/testing/call_log.h"
#include "core/tracepoint.h"

// A hundred tracepoints, batched_00 to batched_99.
#define TEN(EACH, D) \
  EACH(D##0) EACH(D##1) EACH(D##2) EACH(D##3) EACH(D##4) EACH(D##5) EACH(D##6) EACH(D##7) EACH(D##8) EACH(D##9)
#define HUNDRED(EACH) \
  TEN(EACH, 0)        \
  TEN(EACH, 1) TEN(EACH, 2) TEN(EACH, 3) TEN(EACH, 4) TEN(EACH, 5) TEN(EACH, 6) TEN(EACH, 7) TEN(EACH, 8) TEN(EACH, 9)
#define DEFINE(N)                                 \
  TPFUZZ_TRACEPOINT_DECLARE(batched_##N, void()); \
  TPFUZZ_TRACEPOINT_DEFINE(batched_##N);
HUNDRED(DEFINE)

namespace tpfuzz::internal {
namespace {

constexpr std::size_t kBatch = 100;

// Calls `use(tracepoint)` for each.
template <class Use>
void for_all(Use use) {
#define USE(N) use(batched_##N);
  HUNDRED(USE)
}

void hit_all() {
  for_all([](const auto& tracepoint) { tracepoint.hit(); });
}

class BatchTest : public testing::Test {
 protected:
  ~BatchTest() override {
    for_all([](const auto& tracepoint) { tracepoint.unregister_probe(nullptr, nullptr); });
    tracepoints().set_protocol(shipped_protocol(kDefaultProtocol));
  }
  static void use(std::string_view protocol) { tracepoints().set_protocol(shipped_protocol(protocol)); }
  static void register_all(void (*func)(void*), char& data) {
    for_all([&](const auto& tracepoint) { EXPECT_EQ(tracepoint.register_probe(func, &data), 0); });
  }
  static std::vector<Removal<NativeEnv>> removals(void (*func)(void*), char& data) {
    std::vector<Removal<NativeEnv>> all;
    for_all([&](const auto& tracepoint) { all.push_back(tracepoint.removal(func, &data)); });
    return all;
  }
  // How many grace periods it waited for.
  static unsigned long unregister(const std::vector<Removal<NativeEnv>>& removals) {
    const unsigned long before = rcu::waited();
    EXPECT_EQ(unregister_probes(removals), 0);
    return rcu::waited() - before;
  }
  static std::string times(std::size_t count, const std::string& what) {
    std::string out;
    for (; count > 0; --count) out += what;
    return out;
  }
};

TEST_F(BatchTest, AHundredRemovalsOfTheLastShareOneWait) {
  use("231264d");
  register_all(&note<0>, data_a);
  EXPECT_EQ(unregister(removals(&note<0>, data_a)), 1U);
  hit_all();
  EXPECT_EQ(take_calls(), "");
}

TEST_F(BatchTest, WithoutABatchEachWaits) {
  use("231264d");
  register_all(&note<0>, data_a);
  const unsigned long before = rcu::waited();
  for_all([](const auto& tracepoint) { tracepoint.unregister_probe(&note<0>, &data_a); });
  EXPECT_EQ(rcu::waited() - before, kBatch);
}

TEST_F(BatchTest, WithCookiesRemovalsOfTheLastDoNotWait) {
  use("cookies");
  register_all(&note<0>, data_a);
  EXPECT_EQ(unregister(removals(&note<0>, data_a)), 0U);
  hit_all();
  EXPECT_EQ(take_calls(), "");
}

TEST_F(BatchTest, AHundredRemovalsToOneShareOneWait) {
  for (const char* protocol : {"231264d", "cookies"}) {
    use(protocol);
    register_all(&note<0>, data_a);
    register_all(&note<1>, data_b);
    EXPECT_EQ(unregister(removals(&note<0>, data_a)), 1U) << protocol;
    hit_all();
    EXPECT_EQ(take_calls(), times(kBatch, "1b")) << protocol;
    unregister(removals(&note<1>, data_b));
  }
}

// The steps behind the wait are carried out for every tracepoint, not only for the first.
TEST_F(BatchTest, AfterTheSharedWaitEachCallIsDirect) {
  for (const char* protocol : {"231264d", "cookies"}) {
    use(protocol);
    register_all(&note<0>, data_a);
    register_all(&note<1>, data_b);
    unregister(removals(&note<0>, data_a));
    int direct = 0;
    for_all([&](const auto& tracepoint) {
      direct += tracepoint.untyped().call.target == reinterpret_cast<Function>(&note<1>);
    });
    EXPECT_EQ(direct, int{kBatch}) << protocol;
    unregister(removals(&note<1>, data_b));
  }
}

// One tracepoint of the batch goes to one probe, the others to none.
TEST_F(BatchTest, DifferentTransitionsShareTheWait) {
  use("231264d");
  register_all(&note<0>, data_a);
  batched_00.register_probe(&note<1>, &data_b);
  batched_99.register_probe(&note<1>, &data_b);
  EXPECT_EQ(unregister(removals(&note<0>, data_a)), 1U);
  hit_all();
  EXPECT_EQ(take_calls(), "1b1b");
  EXPECT_EQ(batched_00.untyped().call.target, reinterpret_cast<Function>(&note<1>));
  EXPECT_EQ(batched_99.untyped().call.target, reinterpret_cast<Function>(&note<1>));
}

TEST_F(BatchTest, SeveralProbesOfOneTracepointGoInOneTransition) {
  use("231264d");
  batched_00.register_probe(&note<0>, &data_a);
  batched_00.register_probe(&note<1>, &data_b);
  batched_00.register_probe(&note<2>, &data_c);
  // Not side by side in the batch.
  EXPECT_EQ(batched_01.register_probe(&note<0>, &data_a), 0);
  EXPECT_EQ(unregister({batched_00.removal(&note<0>, &data_a), batched_01.removal(&note<0>, &data_a),
                        batched_00.removal(&note<1>, &data_b), batched_00.removal(&note<2>, &data_c)}),
            1U);
  hit_all();
  EXPECT_EQ(take_calls(), "");
}

TEST_F(BatchTest, AnErrorKeepsNobodyElse) {
  register_all(&note<0>, data_a);
  batched_50.unregister_probe(&note<0>, &data_a);
  EXPECT_EQ(unregister_probes(removals(&note<0>, data_a)), -ENOENT);
  hit_all();
  EXPECT_EQ(take_calls(), "");
}

TEST_F(BatchTest, EachTracepointLosesItsOwnProbesOnly) {
  register_all(&note<0>, data_a);
  register_all(&note<1>, data_b);
  unregister({batched_00.removal(&note<0>, &data_a), batched_01.removal(&note<1>, &data_b)});
  batched_00.hit();
  EXPECT_EQ(take_calls(), "1b");
  batched_01.hit();
  EXPECT_EQ(take_calls(), "0a");
}

TEST_F(BatchTest, AnEmptyBatchIsNothing) { EXPECT_EQ(unregister({}), 0U); }

TEST_F(BatchTest, NullFuncTakesAllOfItsTracepoint) {
  register_all(&note<0>, data_a);
  register_all(&note<1>, data_b);
  EXPECT_EQ(unregister({batched_07.removal(nullptr, nullptr)}), 0U);
  hit_all();
  EXPECT_EQ(take_calls(), times(kBatch - 1, "0a1b"));
}

}  // namespace
}  // namespace tpfuzz::internal
