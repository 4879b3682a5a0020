// Threads that register nowhere: whoever hits is a reader until the thread ends.
#include "core/reader_thread.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/testing/child.h"
#include "core/testing/each_domain.h"
#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(passed_anywhere, void());
TPFUZZ_TRACEPOINT_DEFINE(passed_anywhere);
TPFUZZ_TRACEPOINT_DECLARE_FAULTABLE(passed_anywhere_sleeping, void());
TPFUZZ_TRACEPOINT_DEFINE(passed_anywhere_sleeping);

namespace tpfuzz::internal {
namespace {

using Count = std::atomic<int>;

void count(void* data) { ++*static_cast<Count*>(data); }

template <class OfDomain>
class ReaderThread : public testing::Test {
 protected:
  static constexpr Domain kDomain = OfDomain::value;
  static constexpr const auto& tracepoint() {
    if constexpr (kDomain == Domain::rcu)
      return passed_anywhere;
    else
      return passed_anywhere_sleeping;
  }
  [[gnu::noinline]] static void hit() { tracepoint().hit(); }
  static bool is_enlisted() { return rcu::this_reader<kDomain>().registered; }

  ReaderThread() { EXPECT_EQ(tracepoint().register_probe(&count, &calls_), 0); }
  ~ReaderThread() override {
    EXPECT_EQ(tracepoint().unregister_probe(nullptr, nullptr), 0);
    synchronize();
  }
  Count calls_{0};
};
TYPED_TEST_SUITE(ReaderThread, EachDomain, DomainName);

TYPED_TEST(ReaderThread, BecomesOneInItsFirstHit) {
  std::thread([] {
    EXPECT_FALSE(TestFixture::is_enlisted());
    TestFixture::hit();
    EXPECT_TRUE(TestFixture::is_enlisted());
  }).join();
  EXPECT_EQ(this->calls_, 1);
}

TYPED_TEST(ReaderThread, BecomesOneWhenItAsks) {
  std::thread([] {
    register_thread();
    EXPECT_TRUE(TestFixture::is_enlisted());
    register_thread();
  }).join();
}

// A handler's hit would else wait for a lock that its thread holds.
TYPED_TEST(ReaderThread, BecomesOneWhenItWaits) {
  std::thread([] {
    synchronize();
    EXPECT_TRUE(TestFixture::is_enlisted());
  }).join();
}

// A wait that does not wait for such a thread returns long before the probe.
TYPED_TEST(ReaderThread, IsWaitedFor) {
  struct Slow {
    std::atomic<bool> inside{false}, left{false};
    static void linger(void* data) {
      auto& its = *static_cast<Slow*>(data);
      its.inside = true;
      for (int i = 0; i < 20'000; ++i) std::this_thread::yield();
      its.left = true;
    }
  } slow;
  const auto& tracepoint = TestFixture::tracepoint();
  ASSERT_EQ(tracepoint.register_probe(&Slow::linger, &slow), 0);
  std::thread reader(&TestFixture::hit);
  while (!slow.inside) std::this_thread::yield();
  EXPECT_EQ(tracepoint.unregister_probe(&Slow::linger, &slow), 0);
  synchronize();
  EXPECT_TRUE(slow.left);
  reader.join();
}

// Threads come, hit and go, while a writer frees what it has unregistered. The sanitizers judge.
TYPED_TEST(ReaderThread, FindsNothingFreed) {
  const auto& tracepoint = TestFixture::tracepoint();
  std::atomic<bool> stop{false};
  std::vector<std::thread> starters;
  for (int i = 0; i < 2; ++i)
    starters.emplace_back([&] {
      while (!stop)
        std::thread([] {
          for (int hits = 0; hits < 50; ++hits) TestFixture::hit();
        }).join();
    });
  for (int i = 0; i < 300; ++i) {
    auto data = std::make_unique<Count>(0);
    ASSERT_EQ(tracepoint.register_probe(&count, data.get()), 0);
    while (*data == 0) std::this_thread::yield();
    ASSERT_EQ(tracepoint.unregister_probe(&count, data.get()), 0);
    synchronize();
  }
  stop = true;
  for (std::thread& starter : starters) starter.join();
}

TYPED_TEST(ReaderThread, IsNoneAfterItsEnd) {
  for (int i = 0; i < 100; ++i) std::thread(&TestFixture::hit).join();
  synchronize();  // would read the memory of threads that have ended
  EXPECT_EQ(this->calls_, 100);
}

// Whatever the order of the destructors is.
TYPED_TEST(ReaderThread, MayHitInDestructors) {
  struct Local {
    ~Local() { TestFixture::hit(); }
    int used = 0;
  };
  static pthread_key_t before, after;
  const auto hit_in_two_rounds = [](void* value) {
    TestFixture::hit();
    if (value == &before) pthread_setspecific(after, &after);
  };
  ASSERT_EQ(pthread_key_create(&before, hit_in_two_rounds), 0);
  std::thread([] { TestFixture::hit(); }).join();  // our key is made
  ASSERT_EQ(pthread_key_create(&after, hit_in_two_rounds), 0);
  this->calls_ = 0;
  std::thread([] {
    thread_local Local local;
    local.used = 1;
    pthread_setspecific(before, &before);
    TestFixture::hit();
  }).join();
  EXPECT_EQ(this->calls_, 4);
  synchronize();
  pthread_key_delete(before);
  pthread_key_delete(after);
}

TYPED_TEST(ReaderThread, MayHitInAHandlerFirst) {
  struct sigaction action = {}, old = {};
  action.sa_handler = [](int) { TestFixture::hit(); };
  ASSERT_EQ(sigaction(SIGUSR1, &action, &old), 0);
  std::thread([] { pthread_kill(pthread_self(), SIGUSR1); }).join();
  EXPECT_EQ(this->calls_, 1);
  // Handlers that come at any moment: in the first hit, in a wait, at the thread's end.
  std::atomic<bool> stop{false};
  std::atomic<int> rounds{0};
  std::thread starter([&] {
    while (!stop) {
      std::atomic<bool> started{false}, may_end{false};
      std::thread thread([&] {
        started = true;
        TestFixture::hit();
        synchronize();
        while (!may_end) std::this_thread::yield();
      });
      while (!started) std::this_thread::yield();
      for (int i = 0; i < 20; ++i) pthread_kill(thread.native_handle(), SIGUSR1);
      may_end = true;
      thread.join();
      ++rounds;
    }
  });
  while (rounds < 100) std::this_thread::yield();
  stop = true;
  starter.join();
  sigaction(SIGUSR1, &old, nullptr);
}

#if defined(__has_feature) && __has_feature(thread_sanitizer)
constexpr bool kForks = false;  // ThreadSanitizer ends a forked child that starts a thread, as liburcu's call_rcu does
#else
constexpr bool kForks = true;
#endif

// The child has one thread; the others, inside their sections, are the parent's.
TYPED_TEST(ReaderThread, OfAParentIsNoneOfAChild) {
  if (!kForks) GTEST_SKIP();
  static std::atomic<int> inside{0};
  static std::atomic<bool> may_leave{false};
  inside = 0;
  may_leave = false;
  const auto& tracepoint = TestFixture::tracepoint();
  const auto stay = [](void*) {
    ++inside;
    while (!may_leave) std::this_thread::yield();
  };
  ASSERT_EQ(tracepoint.register_probe(stay, nullptr), 0);
  drain();  // a fork waits for grace periods that are under way
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) readers.emplace_back(&TestFixture::hit);
  while (inside < 3) std::this_thread::yield();
  const pid_t child = start_child([&] {
    may_leave = true;
    if (tracepoint.unregister_probe(stay, nullptr) != 0) return 1;
    synchronize();  // would wait for the parent's readers
    std::thread(&TestFixture::hit).join();
    synchronize();
    drain();
    return end_of(start_child([] {  // where a thread of the parent was, one of the child may have been since
      std::thread(&TestFixture::hit).join();
      synchronize();
      return 0;
    }));
  });
  EXPECT_EQ(end_of(child), 0);
  may_leave = true;
  for (std::thread& reader : readers) reader.join();
}

// Threads that left before the fork take no other thread along.
TYPED_TEST(ReaderThread, OfAParentIsNoneOfAChildWhoeverHasLeft) {
  if (!kForks) GTEST_SKIP();
  std::atomic<int> started{0};
  std::atomic<bool> second_may_end{false}, fourth_may_end{false};
  const auto stay = [&](const std::atomic<bool>* may_end) {
    TestFixture::hit();
    ++started;
    while (may_end != nullptr && !*may_end) std::this_thread::yield();
  };
  const auto start = [&](const std::atomic<bool>* may_end) {
    const int before = started;
    std::thread thread(stay, may_end);
    while (started == before) std::this_thread::yield();
    return thread;
  };
  std::atomic<bool> at_the_end{false};
  std::thread first = start(&at_the_end), second = start(&second_may_end), third = start(&at_the_end);
  second_may_end = true;
  second.join();  // from the middle of the list
  std::thread fourth = start(&fourth_may_end);
  fourth_may_end = true;
  fourth.join();  // from its front
  drain();
  const pid_t child = start_child([&] {
    std::thread(&TestFixture::hit).join();
    synchronize();  // would read what threads of the parent have written, or wait for them
    return 0;
  });
  EXPECT_EQ(end_of(child), 0);
  at_the_end = true;
  first.join();
  third.join();
}

// The thread that forked is a reader of the child.
TYPED_TEST(ReaderThread, ThatForksIsWaitedForInTheChild) {
  if (!kForks) GTEST_SKIP();
  static std::atomic<bool> inside{false}, left{false};
  inside = left = false;
  TestFixture::hit();
  drain();
  const pid_t child = start_child([] {
    const auto& tracepoint = TestFixture::tracepoint();
    const auto linger = [](void*) {
      inside = true;
      for (int i = 0; i < 20'000; ++i) std::this_thread::yield();
      left = true;
    };
    if (tracepoint.register_probe(linger, nullptr) != 0) return 1;
    bool waited = false;
    std::thread writer([&] {
      while (!inside) std::this_thread::yield();
      synchronize();
      waited = left;
    });
    TestFixture::hit();
    writer.join();
    return waited ? 0 : 2;
  });
  EXPECT_EQ(end_of(child), 0);
}

}  // namespace
}  // namespace tpfuzz::internal
