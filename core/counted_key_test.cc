// Keys with a count: who patches, who takes the lock, and what another user finds between the count and the patch.
#include "core/counted_key.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "core/native_env.h"

namespace tpfuzz::internal {
namespace {

// Notes the locks and the patches. At `counted` it lets `meanwhile` happen, once, as if another thread came there.
struct KeyEnv {
  using Words = SharedWords;
  static inline std::string noted;
  static inline std::function<void()> meanwhile;

  static void point(Point point) {
    if (point != Point::counted) return;
    noted += "counted ";
    if (const auto happens = std::exchange(meanwhile, nullptr)) happens();
  }
  static void lock_keys() { noted += "lock "; }
  static void unlock_keys() { noted += "unlock "; }
  struct PatchLock {
    PatchLock() { noted += "patch "; }
    ~PatchLock() {}  // NOLINT: not trivial, as a lock's is not
  };
  struct Update {  // nothing traps
    Update(const Site* /*first*/, const auto& /*encode*/) {}
  };
  static void patch_barrier() {}
};

class CountedKeyTest : public testing::Test {
 protected:
  CountedKeyTest() {
    KeyEnv::noted.clear();
    KeyEnv::meanwhile = nullptr;
  }
  void inc() { static_key_inc<KeyEnv>(key_, rule_); }
  void dec() { static_key_dec<KeyEnv>(key_, rule_); }
  static std::string noted() { return std::exchange(KeyEnv::noted, ""); }

  StaticKey<SharedWords> key_;
  KeyRule rule_ = KeyRule::count;
};

class EachRuleTest : public CountedKeyTest, public testing::WithParamInterface<KeyRule> {
 protected:
  EachRuleTest() { rule_ = GetParam(); }
};

TEST_P(EachRuleTest, TheFirstUserAndTheLastOnePatch) {
  inc();
  EXPECT_EQ(noted(), "lock counted patch unlock ");
  EXPECT_TRUE(key_.enabled);
  inc();
  inc();
  dec();
  dec();
  EXPECT_EQ(noted(), "");  // without the lock
  EXPECT_TRUE(key_.enabled);
  dec();
  EXPECT_EQ(noted(), "lock counted patch unlock ");
  EXPECT_FALSE(key_.enabled);
  EXPECT_EQ(key_.count.load(), 0);
}

TEST_P(EachRuleTest, WhatNobodyUsesCanNotBeReleased) {
  dec();
  EXPECT_EQ(key_.count.load(), 0);
  EXPECT_FALSE(key_.enabled);
  inc();
  EXPECT_EQ(key_.count.load(), 1);
}

INSTANTIATE_TEST_SUITE_P(Rules, EachRuleTest,
                         testing::Values(KeyRule::count, KeyRule::count_first, KeyRule::count_tries));

// Whoever comes while the first user patches finds no count to join, and has to take the lock.
TEST_F(CountedKeyTest, NobodyJoinsBeforeTheBranchIsPatched) {
  int found = 0;
  KeyEnv::meanwhile = [&] { found = key_.count.load(); };
  inc();
  EXPECT_EQ(found, -1);
  EXPECT_EQ(key_.count.load(), 1);
}

TEST_F(CountedKeyTest, CountedFirstTheSecondUserReturnsWhileTheBranchIsOff) {
  rule_ = KeyRule::count_first;
  bool on = true;
  KeyEnv::meanwhile = [&] {
    noted();
    inc();
    EXPECT_EQ(noted(), "");
    on = key_.enabled;
  };
  inc();
  EXPECT_FALSE(on);
  EXPECT_EQ(key_.count.load(), 2);
}

// From the change to 0 until the patch nobody joins without the lock.
TEST_P(EachRuleTest, NobodyJoinsTheLastUser) {
  inc();
  noted();
  int found = -1;
  KeyEnv::meanwhile = [&] { found = key_.count.load(); };
  dec();
  EXPECT_EQ(found, 0);
}

}  // namespace
}  // namespace tpfuzz::internal
