// Every shipped protocol, carried out: the calls of one thread are right under each, also under those with races.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/testing/call_log.h"
#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(by_protocol, void());
TPFUZZ_TRACEPOINT_DEFINE(by_protocol);
TPFUZZ_TRACEPOINT_DECLARE(by_protocol_too, void());
TPFUZZ_TRACEPOINT_DEFINE(by_protocol_too);
TPFUZZ_TRACEPOINT_DECLARE_FAULTABLE(by_protocol_sleeping, void());
TPFUZZ_TRACEPOINT_DEFINE(by_protocol_sleeping);

namespace tpfuzz::internal {
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
    by_protocol_sleeping.unregister_probe(nullptr, nullptr);
    synchronize();
    tracepoints().set_protocol(shipped_protocol(kDefaultProtocol));
  }
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

TEST_P(ShippedProtocols, AFaultableTracepointMakesTheSameCalls) {
  for (int round = 0; round < 3; ++round) {
    by_protocol_sleeping.register_probe(&note<0>, &data_a);
    by_protocol_sleeping.hit();
    EXPECT_EQ(take_calls(), "0a");
    by_protocol_sleeping.register_probe(&note<1>, &data_b, 20);
    by_protocol_sleeping.hit();
    EXPECT_EQ(take_calls(), "1b0a");
    by_protocol_sleeping.unregister_probe(&note<0>, &data_a);
    by_protocol_sleeping.hit();
    EXPECT_EQ(take_calls(), "1b");
    by_protocol_sleeping.unregister_probe(&note<1>, &data_b);
  }
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
  std::thread enter(void (*hit)() = [] { by_protocol.hit(); }) {
    std::thread reader([hit] { hit(); });
    while (!inside) std::this_thread::yield();
    return reader;
  }
};

// The same, until it is told to go.
struct Held {
  std::atomic<bool> inside{false};
  std::atomic<bool> go{false};

  static void hold(void* data) {
    auto& self = *static_cast<Held*>(data);
    self.inside = true;
    while (!self.go) std::this_thread::yield();
  }
  std::thread enter(void (*hit)() = [] { by_protocol.hit(); }) {
    std::thread reader([hit] { hit(); });
    while (!inside) std::this_thread::yield();
    return reader;
  }
};

class ProtocolWaits : public testing::Test {
 protected:
  static void use(std::string_view protocol) { tracepoints().set_protocol(shipped_protocol(protocol)); }
  ~ProtocolWaits() override {
    by_protocol.unregister_probe(nullptr, nullptr);
    by_protocol_sleeping.unregister_probe(nullptr, nullptr);
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
  Held held;
  by_protocol.register_probe(&Held::hold, &held);
  std::thread reader = held.enter();
  EXPECT_EQ(by_protocol.unregister_probe(&Held::hold, &held), 0);
  held.go = true;
  reader.join();
}

TEST_F(ProtocolWaits, CookiesOwnWaitsForTheReadersOfTheTracepoint) {
  use("cookies-own");
  Lingering first;
  by_protocol_sleeping.register_probe(&Lingering::linger, &first);
  std::thread reader = first.enter([] { by_protocol_sleeping.hit(); });
  by_protocol_sleeping.unregister_probe(&Lingering::linger, &first);
  by_protocol_sleeping.register_probe(&note<0>, &data_a);  // 1->0->1
  EXPECT_TRUE(first.left);
  first.seen = true;
  reader.join();
  Lingering second;
  by_protocol_sleeping.register_probe(&Lingering::linger, &second, 20);
  reader = second.enter([] { by_protocol_sleeping.hit(); });
  by_protocol_sleeping.unregister_probe(&Lingering::linger, &second);  // 2->1
  EXPECT_TRUE(second.left);
  second.seen = true;
  reader.join();
}

// Those of the other kind may stay as long as they like.
TEST_F(ProtocolWaits, CookiesOwnWaitsForNobodyElse) {
  use("cookies-own");
  Held sleeping, ordinary;
  by_protocol_sleeping.register_probe(&Held::hold, &sleeping);
  std::thread sleeper = sleeping.enter([] { by_protocol_sleeping.hit(); });
  by_protocol_sleeping.unregister_probe(&Held::hold, &sleeping);
  by_protocol.register_probe(&Held::hold, &ordinary);
  by_protocol.unregister_probe(&Held::hold, &ordinary);
  by_protocol.register_probe(&Held::hold, &ordinary);
  std::thread reader = ordinary.enter();
  by_protocol.unregister_probe(&Held::hold, &ordinary);
  sleeping.go = true;
  sleeper.join();
  by_protocol_sleeping.register_probe(&note<0>, &data_a);
  by_protocol_sleeping.register_probe(&note<1>, &data_b, 20);
  by_protocol_sleeping.unregister_probe(&note<1>, &data_b);
  ordinary.go = true;
  reader.join();
}

// The mistake of `cookies`: a faultable reader is still inside (else this test would never end).
TEST_F(ProtocolWaits, CookiesWaitsForNoFaultableReader) {
  use("cookies");
  Held held;
  by_protocol_sleeping.register_probe(&Held::hold, &held);
  std::thread reader = held.enter([] { by_protocol_sleeping.hit(); });
  by_protocol_sleeping.unregister_probe(&Held::hold, &held);
  by_protocol_sleeping.register_probe(&note<0>, &data_a);
  held.go = true;
  reader.join();
}

TEST_F(ProtocolWaits, SynchronizeWaitsForTheReadersThatItNames) {
  Lingering lingering;
  by_protocol_sleeping.register_probe(&Lingering::linger, &lingering);
  std::thread reader = lingering.enter([] { by_protocol_sleeping.hit(); });
  synchronize();
  EXPECT_TRUE(lingering.left);
  lingering.seen = true;
  reader.join();
  by_protocol_sleeping.unregister_probe(&Lingering::linger, &lingering);
  Held held;
  by_protocol_sleeping.register_probe(&Held::hold, &held);
  reader = held.enter([] { by_protocol_sleeping.hit(); });
  synchronize(Domain::rcu);  // would never return
  held.go = true;
  reader.join();
}

// AddressSanitizer judges: the iterator goes on in the array that it began with.
TEST_F(ProtocolWaits, AnArrayOfAFaultableTracepointStaysForItsReaders) {
  use("cookies-own");
  Held held;
  by_protocol_sleeping.register_probe(&Held::hold, &held, 20);
  by_protocol_sleeping.register_probe(&note<0>, &data_a);
  std::thread reader = held.enter([] { by_protocol_sleeping.hit(); });
  by_protocol_sleeping.register_probe(&note<1>, &data_b);
  rcu::drain<Domain::rcu>();
  held.go = true;
  reader.join();
}

// The worker of the protocol before is done first: the reader that it waits for has left.
TEST_F(ProtocolWaits, AnotherProtocolWaitsForTheWorker) {
  use("worker");
  Lingering lingering;
  by_protocol.register_probe(&Lingering::linger, &lingering);
  std::thread reader = lingering.enter();
  by_protocol.unregister_probe(&Lingering::linger, &lingering);
  use(kDefaultProtocol);
  EXPECT_TRUE(lingering.left);
  lingering.seen = true;
  reader.join();
}

// The sketch's mistake: nothing is outstanding any more, and a reader is still inside (else this test would never end).
TEST_F(ProtocolWaits, TheSketchsWorkerMarksBeforeItWaits) {
  use("worker-sketch");
  Held held;
  by_protocol.register_probe(&Held::hold, &held);
  std::thread reader = held.enter();
  by_protocol.unregister_probe(&Held::hold, &held);
  while (tracepoints().worker().outstanding()) std::this_thread::yield();
  held.go = true;
  reader.join();
}

TEST_F(ProtocolWaits, AProtocolDoesNotWaitForACookieOfTheOneBefore) {
  use("cookies");
  by_protocol.register_probe(&note<0>, &data_a);
  by_protocol.unregister_probe(&note<0>, &data_a);  // snapshot removed
  use("cookies");
  const unsigned long before = rcu::waited();
  by_protocol.register_probe(&note<0>, &data_a);  // await removed
  EXPECT_EQ(rcu::waited(), before);
}

TEST_F(ProtocolWaits, ARemovalToOneDoesNotWaitIfTheFirstStayed) {
  use("cookies");
  by_protocol.register_probe(&note<0>, &data_a);
  by_protocol.register_probe(&note<1>, &data_b);
  const unsigned long before = rcu::waited();
  by_protocol.unregister_probe(&note<1>, &data_b);
  EXPECT_EQ(rcu::waited(), before);
}

TEST_F(ProtocolWaits, AConditionLooksAtWhatItNames) {
  use("547305a");  // synchronize if first.func
  by_protocol.register_probe(&note<0>, &data_a);
  by_protocol.register_probe(&note<0>, &data_b);
  const unsigned long before = rcu::waited();
  by_protocol.unregister_probe(&note<0>, &data_a);
  EXPECT_EQ(rcu::waited(), before);
  by_protocol.register_probe(&note<1>, &data_b);
  by_protocol.unregister_probe(&note<0>, &data_b);
  EXPECT_EQ(rcu::waited(), before + 1);
}

TEST_F(ProtocolWaits, TheWorkerIsOneThread) {
  use("worker");
  const auto threads = [] {
    const std::filesystem::directory_iterator tasks("/proc/self/task");
    return std::distance(begin(tasks), end(tasks));
  };
  const auto round = [] {
    by_protocol.register_probe(&note<0>, &data_a);
    by_protocol.unregister_probe(&note<0>, &data_a);
  };
  round();
  const auto before = threads();
  for (int i = 0; i < 5; ++i) round();
  EXPECT_EQ(threads(), before);
}

TEST_F(ProtocolWaits, TheWorkerServesManyRounds) {
  use("worker");
  for (int round = 0; round < 500; ++round) {
    by_protocol.register_probe(&note<0>, &data_a);
    EXPECT_EQ(hit(), "0a");
    by_protocol.unregister_probe(&note<0>, &data_a);
  }
}

}  // namespace
}  // namespace tpfuzz::internal
