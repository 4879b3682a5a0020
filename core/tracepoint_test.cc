#include "core/tracepoint.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "core/testing/call_log.h"

TPFUZZ_TRACEPOINT_DECLARE(plain, void());
TPFUZZ_TRACEPOINT_DEFINE(plain);
TPFUZZ_TRACEPOINT_DECLARE(other_plain, void());
TPFUZZ_TRACEPOINT_DEFINE(other_plain);

namespace tpfuzz::internal {
namespace {

// [[gnu::noinline]]: one call site, as in a program.
[[gnu::noinline]] std::string hit() {
  plain.hit();
  return take_calls();
}

class TracepointTest : public testing::Test {
 protected:
  ~TracepointTest() override {
    plain.unregister_probe(nullptr, nullptr);
    other_plain.unregister_probe(nullptr, nullptr);
    plain.set_hooks({});
  }
};

TEST_F(TracepointTest, WithoutAProbeAHitDoesNothing) {
  ASSERT_EQ(prepare(), std::nullopt);
  EXPECT_EQ(hit(), "");
}

TEST_F(TracepointTest, EachProbeIsCalledWithItsOwnData) {
  EXPECT_EQ(plain.register_probe(&note<0>, &data_a), 0);
  EXPECT_EQ(hit(), "0a");
  EXPECT_EQ(plain.register_probe(&note<1>, &data_b), 0);
  EXPECT_EQ(plain.register_probe(&note<1>, &data_a, 20), 0);
  EXPECT_EQ(hit(), "1a0a1b");
  EXPECT_EQ(plain.unregister_probe(&note<0>, &data_a), 0);
  EXPECT_EQ(hit(), "1a1b");
  EXPECT_EQ(plain.unregister_probe(&note<1>, &data_a), 0);
  EXPECT_EQ(hit(), "1b");
  EXPECT_EQ(plain.unregister_probe(&note<1>, &data_b), 0);
  EXPECT_EQ(hit(), "");
}

TEST_F(TracepointTest, ResultsAreTheKernels) {
  EXPECT_EQ(plain.unregister_probe(&note<0>, &data_a), -ENOENT);
  EXPECT_EQ(plain.register_probe(nullptr, &data_a), -EINVAL);
  EXPECT_EQ(plain.register_probe(&note<0>, &data_a), 0);
  EXPECT_EQ(plain.register_probe(&note<0>, &data_a), -EEXIST);
  EXPECT_EQ(plain.register_probe(&note<0>, &data_a, 99), -EEXIST);
  EXPECT_EQ(plain.register_probe(nullptr, &data_a), -EINVAL);
  EXPECT_EQ(hit(), "0a");
}

TEST_F(TracepointTest, RemovalOfAnAbsentProbePublishesAnew) {
  plain.register_probe(&note<0>, &data_a);
  const Entry<SharedWords>* const before = plain.untyped().funcs;
  EXPECT_EQ(plain.unregister_probe(&note<1>, &data_a), 0);
  EXPECT_NE(plain.untyped().funcs, before);
  EXPECT_EQ(hit(), "0a");
}

TEST_F(TracepointTest, NullFuncUnregistersAll) {
  plain.register_probe(&note<0>, &data_a);
  plain.register_probe(&note<1>, &data_b);
  EXPECT_EQ(plain.unregister_probe(nullptr, &data_c), 0);
  EXPECT_EQ(hit(), "");
  EXPECT_EQ(plain.untyped().funcs, nullptr);
}

TEST_F(TracepointTest, OneProbeIsCalledDirectlyAndMoreByTheIterator) {
  const State<NativeEnv>& state = plain.untyped();
  plain.register_probe(&note<0>, &data_a);
  EXPECT_EQ(state.call.target, reinterpret_cast<Function>(&note<0>));
  plain.register_probe(&note<1>, &data_b);
  EXPECT_EQ(state.call.target, state.iterator);
  plain.unregister_probe(&note<0>, &data_a);
  EXPECT_EQ(state.call.target, reinterpret_cast<Function>(&note<1>));
  plain.unregister_probe(&note<1>, &data_b);
  EXPECT_EQ(state.call.target, state.iterator);
}

TEST_F(TracepointTest, TracepointsAreSeparate) {
  plain.register_probe(&note<0>, &data_a);
  other_plain.register_probe(&note<1>, &data_b);
  EXPECT_EQ(hit(), "0a");
  other_plain.hit();
  EXPECT_EQ(take_calls(), "1b");
  plain.unregister_probe(&note<0>, &data_a);
  other_plain.hit();
  EXPECT_EQ(take_calls(), "1b");
}

TEST_F(TracepointTest, AProbeMayHitAnotherTracepoint) {
  plain.register_probe([](void*) { other_plain.hit(); }, nullptr);
  other_plain.register_probe(&note<1>, &data_b);
  EXPECT_EQ(hit(), "1b");
}

// Hooks that write "+" and "-", and refuse while `result` says so.
struct HookLog {
  std::string log;
  int result = 0;
  Hooks hooks() { return {&enable, &disable, this}; }
  static int enable(void* context) {
    static_cast<HookLog*>(context)->log += "+";
    return static_cast<HookLog*>(context)->result;
  }
  static void disable(void* context) { static_cast<HookLog*>(context)->log += "-"; }
};

TEST_F(TracepointTest, HooksAlternateBetweenZeroAndOne) {
  HookLog hooks;
  plain.set_hooks(hooks.hooks());
  for (int round = 0; round < 2; ++round) {
    plain.register_probe(&note<0>, &data_a);
    EXPECT_EQ(hooks.log, "+");
    plain.register_probe(&note<1>, &data_b);
    plain.register_probe(&note<1>, &data_b);  // EEXIST
    plain.unregister_probe(&note<0>, &data_a);
    EXPECT_EQ(hooks.log, "+");
    plain.unregister_probe(&note<1>, &data_b);
    plain.unregister_probe(&note<1>, &data_b);  // ENOENT
    EXPECT_EQ(hooks.log, "+-");
    hooks.log.clear();
  }
  plain.set_hooks({});
}

// A hook is called in the middle of a registration: one of another thread can't end meanwhile.
TEST_F(TracepointTest, RegistrationsOfTwoThreadsAreOneAfterTheOther) {
  struct Other {
    std::atomic<bool> registered{false};
    bool waited = false;
    std::thread thread;
    static int enable(void* context) {
      auto& other = *static_cast<Other*>(context);
      other.thread = std::thread([&other] {
        other_plain.register_probe(&note<0>, &data_a);
        other.registered = true;
      });
      // Time for a registration that does not wait; the right one can't end, however long this takes.
      for (int i = 0; i < 20'000 && !other.registered; ++i) std::this_thread::yield();
      other.waited = !other.registered;
      return 0;
    }
  } other;
  plain.set_hooks({&Other::enable, nullptr, &other});
  EXPECT_EQ(plain.register_probe(&note<0>, &data_a), 0);
  EXPECT_TRUE(other.waited);
  other.thread.join();
}

TEST_F(TracepointTest, TheEnableHooksRefusalIsReturned) {
  HookLog hooks{.log = "", .result = -EPERM};
  plain.set_hooks(hooks.hooks());
  EXPECT_EQ(plain.register_probe(&note<0>, &data_a), -EPERM);
  EXPECT_EQ(hooks.log, "+");  // it enabled nothing, so nothing is undone
  EXPECT_EQ(hit(), "");
  EXPECT_EQ(plain.unregister_probe(&note<0>, &data_a), -ENOENT);
  hooks.result = 0;
  EXPECT_EQ(plain.register_probe(&note<0>, &data_a), 0);
  EXPECT_EQ(hit(), "0a");
  plain.unregister_probe(nullptr, nullptr);
  plain.set_hooks({});
}

TEST_F(TracepointTest, AFailedRegistrationUndoesTheEnableHook) {
  HookLog hooks;
  plain.set_hooks(hooks.hooks());
  EXPECT_EQ(plain.register_probe(nullptr, &data_a), -EINVAL);
  EXPECT_EQ(hooks.log, "+-");
  plain.set_hooks({});
}

TEST_F(TracepointTest, OneHookMayBeLeftOut) {
  HookLog hooks;
  plain.set_hooks({nullptr, &HookLog::disable, &hooks});
  EXPECT_EQ(plain.register_probe(&note<0>, &data_a), 0);
  EXPECT_EQ(plain.unregister_probe(&note<0>, &data_a), 0);
  EXPECT_EQ(hooks.log, "-");
  plain.set_hooks({&HookLog::enable, nullptr, &hooks});
  EXPECT_EQ(plain.register_probe(&note<0>, &data_a), 0);
  EXPECT_EQ(plain.unregister_probe(&note<0>, &data_a), 0);
  EXPECT_EQ(hooks.log, "-+");
  plain.set_hooks({});
}

TEST_F(TracepointTest, AllTracepointsAreFoundOnceEach) {
  std::vector<std::string> names;
  tracepoints().for_each([&](const State<NativeEnv>& state) { names.emplace_back(state.name); });
  EXPECT_EQ(std::ranges::count(names, "plain"), 1);
  EXPECT_EQ(std::ranges::count(names, "other_plain"), 1);
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST_F(TracepointTest, AllTracepointsCanBeTurnedOff) {
  plain.register_probe(&note<0>, &data_a);
  other_plain.register_probe(&note<1>, &data_b);
  tracepoints().for_each([](State<NativeEnv>& state) {
    const Probe all;
    tracepoints().remove(state, {&all, 1});
  });
  tracepoints().for_each([](const State<NativeEnv>& state) { EXPECT_FALSE(state.key.enabled) << state.name; });
  EXPECT_EQ(hit(), "");
}

}  // namespace
}  // namespace tpfuzz::internal
