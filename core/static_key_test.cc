#include "core/static_key.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/testing/live_text.h"
#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(keyed_off, void(int));
TPFUZZ_TRACEPOINT_DEFINE(keyed_off);

namespace tpfuzz::internal {

// Keys of their own, not a tracepoint's: with external linkage, as their address is a template argument.
[[gnu::visibility("hidden")]] constinit StaticKey<SharedWords> test_key;
[[gnu::visibility("hidden")]] constinit StaticKey<SharedWords> other_key;
[[gnu::visibility("hidden")]] constinit StaticKey<SharedWords> unused_key;

namespace {

[[gnu::noinline]] bool one_site() { return static_branch<test_key>(); }

template <int N>
[[gnu::noinline]] int in_a_template() {
  return static_branch<test_key>() ? N : -N;
}

[[gnu::noinline]] std::string nested() {
  std::string out;
  if (static_branch<test_key>()) {
    out += "test";
    if (static_branch<other_key>()) out += " other";
  } else if (!static_branch<other_key>()) {
    out += "none";
  }
  return out;
}

[[gnu::noinline]] int in_a_loop(int rounds) {
  int on = 0;
  for (int i = 0; i < rounds; ++i) on += static_branch<test_key>();
  return on;
}

class StaticKeyTest : public testing::Test {
 protected:
  StaticKeyTest() { EXPECT_EQ(prepare(), std::nullopt); }
  ~StaticKeyTest() override {
    set(test_key, false);
    set(other_key, false);
  }
  static void set(StaticKey<SharedWords>& key, bool on) { static_key_set<NativeEnv>(key, on); }
};

TEST_F(StaticKeyTest, IsOffAtFirst) {
  EXPECT_FALSE(one_site());
  EXPECT_FALSE(test_key.enabled);
  for (const Site* site = test_key.sites; site != nullptr; site = site->next) EXPECT_EQ(text::read(*site), kNop5);
}

TEST_F(StaticKeyTest, IsWhatItWasSetTo) {
  for (int round = 0; round < 3; ++round) {
    set(test_key, true);
    EXPECT_TRUE(one_site());
    EXPECT_TRUE(test_key.enabled);
    set(test_key, false);
    EXPECT_FALSE(one_site());
    EXPECT_FALSE(test_key.enabled);
  }
}

TEST_F(StaticKeyTest, AllItsBranchesChangeTogether) {
  EXPECT_GE(count_sites_of(test_key, Site::Kind::branch), 5);
  set(test_key, true);
  EXPECT_TRUE(one_site());
  EXPECT_EQ(in_a_template<1>(), 1);
  EXPECT_EQ(in_a_template<2>(), 2);
  EXPECT_EQ(in_a_loop(10), 10);
  set(test_key, false);
  EXPECT_EQ(in_a_template<1>(), -1);
  EXPECT_EQ(in_a_template<2>(), -2);
  EXPECT_EQ(in_a_loop(10), 0);
}

TEST_F(StaticKeyTest, KeysAreSeparate) {
  EXPECT_EQ(nested(), "none");
  set(other_key, true);
  EXPECT_EQ(nested(), "");
  EXPECT_FALSE(one_site());
  set(test_key, true);
  EXPECT_EQ(nested(), "test other");
  set(other_key, false);
  EXPECT_EQ(nested(), "test");
}

TEST_F(StaticKeyTest, ItsSitesAreNopsOrJumps) {
  const std::vector<LiveFunction> functions = live_functions();
  for (const bool on : {false, true, false}) {
    set(test_key, on);
    for (const Site* site = test_key.sites; site != nullptr; site = site->next) {
      EXPECT_TRUE(is_boundary(functions, site->address));
      EXPECT_TRUE(is_boundary(functions, site->branch));
      EXPECT_EQ(flaw(*site, 0, on), "");
    }
  }
}

TEST_F(StaticKeyTest, AKeyWithoutBranchesMayBeSet) {
  set(unused_key, true);
  EXPECT_TRUE(unused_key.enabled);
}

TEST_F(StaticKeyTest, SettingItToWhatItIsWritesNothing) {
  Site& site = site_of(test_key, Site::Kind::branch);
  const std::uint64_t pending = std::exchange(site.pending, 0);
  set(test_key, false);
  EXPECT_EQ(std::exchange(site.pending, pending), 0U);
}

TEST_F(StaticKeyTest, OffAHitRunsNothingBehindItsBranch) {
  State<NativeEnv>& state = keyed_off.untyped();
  static int calls;
  calls = 0;
  keyed_off.register_probe([](void*, int) { ++calls; }, nullptr);
  keyed_off.hit(1);
  EXPECT_EQ(calls, 1);
  set(state.key, false);  // the probe is still registered: only the branch keeps the hit from it
  keyed_off.hit(2);
  EXPECT_EQ(calls, 1);
  set(state.key, true);
  keyed_off.hit(3);
  EXPECT_EQ(calls, 2);
  keyed_off.unregister_probe(nullptr, nullptr);
}

}  // namespace
}  // namespace tpfuzz::internal
