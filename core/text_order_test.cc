// The order in which text is written, without a race: the barrier is the test's own, and looks at the bytes. Between
// two barriers each site changes in one of the ways that text.h numbers.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/testing/call_log.h"
#include "core/tracepoint.h"

namespace tpfuzz::internal {
namespace {

struct OrderEnv : NativeEnv {
  struct PatchLock {
    PatchLock() { look(); }
    ~PatchLock() { look(); }
    PatchLock(const PatchLock&) = delete;
    PatchLock& operator=(const PatchLock&) = delete;
  };
  static void patch_barrier() {
    look();
    NativeEnv::patch_barrier();
  }
  static void point(Point point) { points.push_back(point); }
  static void start_worker(Worker<OrderEnv>&) {}
  static void await_worker(Worker<OrderEnv>&) {}

  static void look() {
    std::vector<std::string> held;
    for (const Site* site = first; site != nullptr; site = site->next) held.push_back(bytes_of(*site));
    looks.push_back(held);
  }
  // "first byte/tail": of the new instruction "new", of the old one "old", else "int3" or "other".
  static std::string bytes_of(const Site& site) {
    const Instruction holds = text::read(site), is = encode(site, true), was = encode(site, false);
    const auto tail = [](Instruction instruction) { return instruction.word >> 8; };
    const auto word = [](bool is_new, bool is_old) { return is_new ? "new" : is_old ? "old" : "other"; };
    const std::string first_byte =
        holds.first() == kInt3 ? "int3" : word(holds.first() == is.first(), holds.first() == was.first());
    return first_byte + "/" + word(tail(holds) == tail(is), tail(holds) == tail(was));
  }

  static inline const Site* first = nullptr;
  static inline Instruction (*encode)(const Site& site, bool is_new) = nullptr;
  static inline std::vector<std::vector<std::string>> looks;
  static inline std::vector<Point> points;
};

}  // namespace
}  // namespace tpfuzz::internal

TPFUZZ_TRACEPOINT_DECLARE(in_order, void());
TPFUZZ_TRACEPOINT_DEFINE(in_order);

namespace tpfuzz::internal {
namespace {

// Two call sites.
[[gnu::noinline]] std::string hit() {
  in_order.hit();
  return take_calls();
}
[[gnu::noinline]] std::string hit_there() {
  in_order.hit();
  return take_calls();
}

std::uintptr_t address(Function function) { return reinterpret_cast<std::uintptr_t>(function); }
Function note_1() { return reinterpret_cast<Function>(&note<1>); }

class TextOrderTest : public testing::Test {
 protected:
  TextOrderTest() {
    EXPECT_EQ(prepare(), std::nullopt);
    in_order.register_probe(&note<0>, &data_a);
  }
  ~TextOrderTest() override { in_order.unregister_probe(&note<0>, &data_a); }

  // All sites of `owner` were, at each look, what `expected` says of one.
  static void expect_looks(const SiteOwner& owner, const std::vector<std::string>& expected) {
    std::size_t sites = 0;
    for (const Site* site = owner.sites; site != nullptr; site = site->next) ++sites;
    EXPECT_GE(sites, 2U);
    ASSERT_EQ(OrderEnv::looks.size(), expected.size());
    for (std::size_t look = 0; look < expected.size(); ++look)
      EXPECT_EQ(OrderEnv::looks[look], std::vector<std::string>(sites, expected[look])) << "look " << look;
  }

  static void watch(const SiteOwner& owner, Instruction (*encode)(const Site&, bool)) {
    OrderEnv::first = owner.sites;
    OrderEnv::encode = encode;
    OrderEnv::looks.clear();
    OrderEnv::points.clear();
  }

  static State<NativeEnv>& state() { return in_order.untyped(); }
};

TEST_F(TextOrderTest, ABranchThatGoesOff) {
  watch(state().key, [](const Site& site, bool is_new) { return branch_instruction(site, !is_new); });
  static_key_set<OrderEnv>(state().key, false);
  expect_looks(state().key, {"old/old", "int3/old", "int3/new", "new/new"});
  EXPECT_EQ(OrderEnv::points, (std::vector<Point>{Point::trapped, Point::tailed}));
  EXPECT_EQ(hit() + hit_there(), "");
  static_key_set<NativeEnv>(state().key, true);
  EXPECT_EQ(hit() + hit_there(), "0a0a");
}

TEST_F(TextOrderTest, ABranchThatGoesOn) {
  static_key_set<NativeEnv>(state().key, false);
  watch(state().key, [](const Site& site, bool is_new) { return branch_instruction(site, is_new); });
  static_key_set<OrderEnv>(state().key, true);
  expect_looks(state().key, {"old/old", "int3/old", "int3/new", "new/new"});
  EXPECT_EQ(hit() + hit_there(), "0a0a");
}

TEST_F(TextOrderTest, ACallIsAllOfItsSites) {
  watch(state().call, [](const Site& site, bool is_new) {
    return call_instruction(site, is_new ? address(note_1()) : address(reinterpret_cast<Function>(&note<0>)));
  });
  ASSERT_TRUE(static_call_update<OrderEnv>(state().call, note_1()));
  expect_looks(state().call, {"new/old", "int3/old", "int3/new", "new/new"});  // the first bytes are the same
  EXPECT_EQ(hit() + hit_there(), "1a1a");
  static_call_update<NativeEnv>(state().call, reinterpret_cast<Function>(&note<0>));
}

TEST_F(TextOrderTest, NothingIsWrittenWhereNothingChanges) {
  watch(state().key, [](const Site& site, bool is_new) { return branch_instruction(site, is_new); });
  static_key_set<OrderEnv>(state().key, true);
  EXPECT_TRUE(OrderEnv::looks.empty());
}

}  // namespace
}  // namespace tpfuzz::internal
