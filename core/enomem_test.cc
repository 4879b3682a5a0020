// Registration when there is no memory for the new array, through a tracepoint: what is called then, and what not.
#include <gtest/gtest.h>

#include "core/testing/call_log.h"
#include "core/testing/failing_env.h"

TPFUZZ_TRACEPOINT_DECLARE_IN(tp::FailingEnv, starved, void());
TPFUZZ_TRACEPOINT_DEFINE_IN(tp::FailingEnv, starved);

namespace tpfuzz::internal {
namespace {

class EnomemTest : public testing::Test {
 protected:
  ~EnomemTest() override {
    FailingEnv::fail_at = 0;
    starved.unregister_probe(nullptr, nullptr);
    registry().set_protocol(shipped_protocol(kDefaultProtocol));
    EXPECT_EQ(FailingEnv::allocated, FailingEnv::freed);
  }
  static Registry<FailingEnv>& registry() { return Registry<FailingEnv>::instance(); }
  static std::string hit() {
    starved.hit();
    return take_calls();
  }
};

TEST_F(EnomemTest, RegisterFailsAndNothingIsCalled) {
  FailingEnv::fail_at = 1;
  EXPECT_EQ(starved.register_probe(&note<0>, &data_a), -ENOMEM);
  EXPECT_EQ(hit(), "");
  EXPECT_FALSE(starved.untyped().key.enabled);
  EXPECT_EQ(starved.register_probe(&note<0>, &data_a), 0);
  EXPECT_EQ(hit(), "0a");
}

TEST_F(EnomemTest, RegisterFailsAndTheOthersAreCalled) {
  starved.register_probe(&note<0>, &data_a);
  FailingEnv::fail_at = 1;
  EXPECT_EQ(starved.register_probe(&note<1>, &data_b), -ENOMEM);
  EXPECT_EQ(hit(), "0a");
  EXPECT_EQ(starved.register_probe(&note<1>, &data_b), 0);
  EXPECT_EQ(hit(), "0a1b");
}

TEST_F(EnomemTest, WhoIsUnregisteredIsNotCalled) {
  starved.register_probe(&note<0>, &data_a);
  starved.register_probe(&note<1>, &data_b);
  starved.register_probe(&note<2>, &data_c);
  FailingEnv::fail_at = 1;
  EXPECT_EQ(starved.unregister_probe(&note<1>, &data_b), 0);
  EXPECT_EQ(hit(), "0a2c");
  FailingEnv::fail_at = 1;
  EXPECT_EQ(starved.unregister_probe(&note<0>, &data_a), 0);  // one is left, and two stubs
  EXPECT_EQ(hit(), "2c");
}

TEST_F(EnomemTest, AStubbedProbeMayBeRegisteredAgain) {
  starved.register_probe(&note<0>, &data_a);
  starved.register_probe(&note<1>, &data_b);
  FailingEnv::fail_at = 1;
  EXPECT_EQ(starved.unregister_probe(&note<0>, &data_a), 0);
  EXPECT_EQ(starved.register_probe(&note<0>, &data_a), 0);
  EXPECT_EQ(hit(), "1b0a");
  EXPECT_EQ(starved.register_probe(&note<0>, &data_a), -EEXIST);
}

TEST_F(EnomemTest, AStubDoesNotCountForTheTransition) {
  starved.register_probe(&note<0>, &data_a);
  starved.register_probe(&note<1>, &data_b);
  starved.register_probe(&note<2>, &data_c);
  FailingEnv::fail_at = 1;
  starved.unregister_probe(&note<0>, &data_a);
  EXPECT_EQ(starved.unregister_probe(&note<1>, &data_b), 0);  // 2->1, so the call is direct again
  EXPECT_EQ(starved.untyped().call.target, reinterpret_cast<Function>(&note<2>));
  EXPECT_EQ(hit(), "2c");
}

TEST_F(EnomemTest, WithOnlyAStubLeftTheLastOneGoesToZero) {
  starved.register_probe(&note<0>, &data_a);
  starved.register_probe(&note<1>, &data_b);
  FailingEnv::fail_at = 1;
  starved.unregister_probe(&note<0>, &data_a);
  FailingEnv::fail_at = 1;
  EXPECT_EQ(starved.unregister_probe(&note<1>, &data_b), 0);
  EXPECT_EQ(FailingEnv::fail_at, 1);  // nothing was asked for
  EXPECT_EQ(starved.untyped().funcs.load(), nullptr);
  EXPECT_FALSE(starved.untyped().key.enabled);
  EXPECT_EQ(starved.unregister_probe(&note<0>, &data_a), -ENOENT);
}

TEST_F(EnomemTest, NullFuncTakesAllWithoutMemory) {
  starved.register_probe(&note<0>, &data_a);
  starved.register_probe(&note<1>, &data_b);
  FailingEnv::fail_at = 1;
  EXPECT_EQ(starved.unregister_probe(nullptr, nullptr), 0);
  EXPECT_EQ(hit(), "");
}

TEST_F(EnomemTest, WhereTheProtocolSaysSoUnregisterFails) {
  registry().set_protocol(shipped_protocol("c8b186a"));
  starved.register_probe(&note<0>, &data_a);
  starved.register_probe(&note<1>, &data_b);
  FailingEnv::fail_at = 1;
  EXPECT_EQ(starved.unregister_probe(&note<1>, &data_b), -ENOMEM);
  EXPECT_EQ(hit(), "0a1b");
  EXPECT_EQ(starved.unregister_probe(&note<1>, &data_b), 0);
  EXPECT_EQ(hit(), "0a");
}

TEST_F(EnomemTest, OfABatchOneTracepointsFailureIsItsOwn) {
  starved.register_probe(&note<0>, &data_a);
  starved.register_probe(&note<1>, &data_b);
  FailingEnv::fail_at = 1;
  const Removal<FailingEnv> batch[] = {starved.removal(&note<1>, &data_b)};
  EXPECT_EQ(registry().remove(batch), 0);
  EXPECT_EQ(hit(), "0a");
}

TEST_F(EnomemTest, WhereTheProtocolSaysSoABatchFails) {
  registry().set_protocol(shipped_protocol("c8b186a"));
  starved.register_probe(&note<0>, &data_a);
  starved.register_probe(&note<1>, &data_b);
  FailingEnv::fail_at = 1;
  const Removal<FailingEnv> batch[] = {starved.removal(&note<1>, &data_b)};
  EXPECT_EQ(registry().remove(batch), -ENOMEM);
  EXPECT_EQ(hit(), "0a1b");
}

TEST_F(EnomemTest, AFailedRegistrationUndoesTheEnableHook) {
  static std::string log;
  log.clear();
  starved.set_hooks({[](void*) { return log += "+", 0; }, [](void*) { log += "-"; }, nullptr});
  FailingEnv::fail_at = 1;
  EXPECT_EQ(starved.register_probe(&note<0>, &data_a), -ENOMEM);
  EXPECT_EQ(log, "+-");
  starved.register_probe(&note<0>, &data_a);
  FailingEnv::fail_at = 1;
  EXPECT_EQ(starved.register_probe(&note<1>, &data_b), -ENOMEM);  // not from 0: no hook
  EXPECT_EQ(log, "+-+");
  starved.unregister_probe(&note<0>, &data_a);
  EXPECT_EQ(log, "+-+-");
  starved.set_hooks({});
}

}  // namespace
}  // namespace tpfuzz::internal
