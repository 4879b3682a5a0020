// Every shipped protocol, carried out: the calls of one thread are right under each, also under those with races.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/testing/call_log.h"
#include "core/tracepoint.h"

TRACEPOINT_DECLARE(by_protocol, void());
TRACEPOINT_DEFINE(by_protocol);
TRACEPOINT_DECLARE(by_protocol_too, void());
TRACEPOINT_DEFINE(by_protocol_too);

namespace tp {
namespace {

std::string hit() {
  by_protocol.hit();
  return take_calls();
}

class ShippedProtocols : public testing::TestWithParam<std::string_view> {
 protected:
  ShippedProtocols() { tracepoints().set_protocol(shipped_protocol(GetParam())); }
  ~ShippedProtocols() override {
    by_protocol.unregister_probe(nullptr, nullptr);
    by_protocol_too.unregister_probe(nullptr, nullptr);
    synchronize();
    tracepoints().set_protocol(shipped_protocol(kDefaultProtocol));
  }
  const rcu::Thread reader_;
};

TEST_P(ShippedProtocols, EveryTransitionEndsWithTheRightCalls) {
  for (int round = 0; round < 3; ++round) {  // again, with what the round before left behind: cookies, call targets
    EXPECT_EQ(by_protocol.register_probe(&note<0>, &data_a), 0);
    EXPECT_EQ(hit(), "0a");
    EXPECT_EQ(by_protocol.register_probe(&note<1>, &data_b, 20), 0);
    EXPECT_EQ(hit(), "1b0a");
    EXPECT_EQ(by_protocol.register_probe(&note<2>, &data_c), 0);
    EXPECT_EQ(hit(), "1b0a2c");
    EXPECT_EQ(by_protocol.unregister_probe(&note<1>, &data_b), 0);
    EXPECT_EQ(hit(), "0a2c");
    EXPECT_EQ(by_protocol.unregister_probe(&note<0>, &data_a), 0);
    EXPECT_EQ(hit(), "2c");
    EXPECT_EQ(by_protocol.unregister_probe(&note<2>, &data_c), 0);
    EXPECT_EQ(hit(), "");
    EXPECT_FALSE(by_protocol.untyped().key.enabled);
  }
}

TEST_P(ShippedProtocols, OneAfterAnotherIsCalledWithItsOwnData) {
  for (int round = 0; round < 3; ++round) {
    by_protocol.register_probe(&note<0>, &data_a);
    EXPECT_EQ(hit(), "0a");
    by_protocol.unregister_probe(&note<0>, &data_a);
    by_protocol.register_probe(&note<1>, &data_b);
    EXPECT_EQ(hit(), "1b");
    by_protocol.unregister_probe(&note<1>, &data_b);
  }
}

TEST_P(ShippedProtocols, TwoTracepointsDoNotMix) {
  by_protocol.register_probe(&note<0>, &data_a);
  by_protocol_too.register_probe(&note<1>, &data_b);
  by_protocol_too.register_probe(&note<2>, &data_c);
  by_protocol.unregister_probe(&note<0>, &data_a);
  by_protocol.register_probe(&note<3>, &data_d);
  by_protocol_too.unregister_probe(&note<1>, &data_b);
  EXPECT_EQ(hit(), "3d");
  by_protocol_too.hit();
  EXPECT_EQ(take_calls(), "2c");
}

TEST_P(ShippedProtocols, IsTheOneInForce) { EXPECT_EQ(tracepoints().protocol().name, GetParam()); }

std::vector<std::string_view> shipped_names() {
  std::vector<std::string_view> names;
  for (const ShippedProtocol& shipped : shipped_protocols()) names.push_back(shipped.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, ShippedProtocols, testing::ValuesIn(shipped_names()), [](const auto& info) {
  std::string name(info.param);
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
});

// A reader stands in a probe, on a thread of its own, when `enter` returns, and lingers there for a while.
struct Lingering {
  std::atomic<bool> inside{false};
  std::atomic<bool> seen{false};
  std::atomic<bool> left{false};

  static void linger(void* data) {
    auto& self = *static_cast<Lingering*>(data);
    self.inside = true;
    // Time for a wait that does not wait to return before us; the right one can't, however long we stay.
    for (int i = 0; i < 20'000 && !self.seen; ++i) std::this_thread::yield();
    self.left = true;
  }
  std::thread enter() {
    std::thread reader([] {
      const rcu::Thread thread;
      by_protocol.hit();
    });
    while (!inside) std::this_thread::yield();
    return reader;
  }
};

class ProtocolWaits : public testing::Test {
 protected:
  static void use(std::string_view protocol) { tracepoints().set_protocol(shipped_protocol(protocol)); }
  ~ProtocolWaits() override {
    by_protocol.unregister_probe(nullptr, nullptr);
    synchronize();
    use(kDefaultProtocol);
  }
};

TEST_F(ProtocolWaits, AfterARemovalOfTheLastTheFirstWaitsForOldReaders) {
  for (const char* protocol : {"worker", "cookies"}) {
    use(protocol);
    Lingering lingering;
    by_protocol.register_probe(&Lingering::linger, &lingering);
    std::thread reader = lingering.enter();
    by_protocol.unregister_probe(&Lingering::linger, &lingering);
    by_protocol.register_probe(&note<0>, &data_a);
    EXPECT_TRUE(lingering.left) << protocol;
    lingering.seen = true;
    reader.join();
    by_protocol.unregister_probe(&note<0>, &data_a);
    synchronize();
  }
}

TEST_F(ProtocolWaits, TheSlowOneWaitsInTheRemovalOfTheLast) {
  use("231264d");
  Lingering lingering;
  by_protocol.register_probe(&Lingering::linger, &lingering);
  std::thread reader = lingering.enter();
  by_protocol.unregister_probe(&Lingering::linger, &lingering);
  EXPECT_TRUE(lingering.left);
  lingering.seen = true;
  reader.join();
}

TEST_F(ProtocolWaits, ARemovalToOneWaitsForOldReaders) {
  for (const char* protocol : {"worker", "cookies", "231264d"}) {
    use(protocol);
    Lingering lingering;
    by_protocol.register_probe(&Lingering::linger, &lingering);
    by_protocol.register_probe(&note<0>, &data_a);
    std::thread reader = lingering.enter();
    by_protocol.unregister_probe(&Lingering::linger, &lingering);
    EXPECT_TRUE(lingering.left) << protocol;
    lingering.seen = true;
    reader.join();
    by_protocol.unregister_probe(&note<0>, &data_a);
    synchronize();
  }
}

// That reader may stay as long as it likes: nobody waits for it (else this test would never end).
TEST_F(ProtocolWaits, WithTheWorkerTheRemovalOfTheLastDoesNotWait) {
  use("worker");
  struct Held {
    std::atomic<bool> inside{false}, go{false};
  } held;
  const auto hold = [](void* data) {
    auto& self = *static_cast<Held*>(data);
    self.inside = true;
    while (!self.go) std::this_thread::yield();
  };
  by_protocol.register_probe(hold, &held);
  std::thread reader([] {
    const rcu::Thread thread;
    by_protocol.hit();
  });
  while (!held.inside) std::this_thread::yield();
  EXPECT_EQ(by_protocol.unregister_probe(hold, &held), 0);
  held.go = true;
  reader.join();
}

TEST_F(ProtocolWaits, TheWorkerServesManyRounds) {
  use("worker");
  const rcu::Thread thread;
  for (int round = 0; round < 500; ++round) {
    by_protocol.register_probe(&note<0>, &data_a);
    EXPECT_EQ(hit(), "0a");
    by_protocol.unregister_probe(&note<0>, &data_a);
  }
}

}  // namespace
}  // namespace tp
