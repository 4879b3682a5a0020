// How a thread comes onto liburcu's list and leaves it: seen where liburcu is asked, through the linker's --wrap of its
// functions, and interrupted there.
#include <gtest/gtest.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <functional>
#include <thread>
#include <utility>

#include "core/reader_thread.h"
#include "core/testing/child.h"
#include "core/testing/each_domain.h"
#include "core/tracepoint.h"

namespace {

std::atomic<int> registrations{0}, unregistrations{0};
std::atomic<bool> asks{false};         // liburcu, now
std::atomic<bool> interrupted{false};  // a handler ran meanwhile
std::atomic<bool> handled{false};
std::atomic<int> blocked{0};  // of the signals that a fault raises

constexpr int kFaults[] = {SIGTRAP, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

void handle(int) {
  handled = true;
  if (asks) interrupted = true;
}

void ask(std::atomic<int>& count, void (*liburcu)()) {
  ++count;
  sigset_t mask;
  pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  for (const int signal : kFaults) blocked += sigismember(&mask, signal);
  asks = true;
  pthread_kill(pthread_self(), SIGUSR1);
  liburcu();
  asks = false;
}

}  // namespace

extern "C" {
void __real_urcu_memb_register_thread();    // NOLINT
void __real_urcu_memb_unregister_thread();  // NOLINT
void __real_urcu_mb_register_thread();      // NOLINT
void __real_urcu_mb_unregister_thread();    // NOLINT

void __wrap_urcu_memb_register_thread() { ask(registrations, &__real_urcu_memb_register_thread); }        // NOLINT
void __wrap_urcu_memb_unregister_thread() { ask(unregistrations, &__real_urcu_memb_unregister_thread); }  // NOLINT
void __wrap_urcu_mb_register_thread() { ask(registrations, &__real_urcu_mb_register_thread); }            // NOLINT
void __wrap_urcu_mb_unregister_thread() { ask(unregistrations, &__real_urcu_mb_unregister_thread); }      // NOLINT
}

namespace tpfuzz::internal::rcu {
namespace {

template <class OfDomain>
class Enlist : public testing::Test {
 protected:
  static constexpr Domain kDomain = OfDomain::value;
  Enlist() {
    registrations = unregistrations = blocked = 0;
    interrupted = handled = false;
    struct sigaction action = {};
    action.sa_handler = &handle;
    sigaction(SIGUSR1, &action, &before_);
  }
  ~Enlist() override { sigaction(SIGUSR1, &before_, nullptr); }

  static void register_with_liburcu() {
    kDomain == Domain::rcu ? __real_urcu_memb_register_thread() : __real_urcu_mb_register_thread();
  }
  static void unregister_from_liburcu() {
    kDomain == Domain::rcu ? __real_urcu_memb_unregister_thread() : __real_urcu_mb_unregister_thread();
  }

 private:
  struct sigaction before_;
};
TYPED_TEST_SUITE(Enlist, EachDomain, DomainName);

TYPED_TEST(Enlist, IsDoneOnceAThread) {
  std::thread([] {
    for (int i = 0; i < 3; ++i) enlist_if_new<TestFixture::kDomain>();
    EXPECT_TRUE(this_reader<TestFixture::kDomain>().registered);
  }).join();
  EXPECT_EQ(registrations, 1);
  EXPECT_EQ(unregistrations, 1);
}

// The handler's hit would wait for the lock that its own thread holds.
TYPED_TEST(Enlist, IsInterruptedByNoHandler) {
  std::thread([] {
    enlist<TestFixture::kDomain>();
    EXPECT_TRUE(handled);  // afterwards
    EXPECT_FALSE(interrupted);
    handled = false;
  }).join();
  EXPECT_EQ(unregistrations, 1);
  EXPECT_FALSE(interrupted);
}

TYPED_TEST(Enlist, LeavesTheSignalsOfFaultsOpen) {
  std::thread(&enlist<TestFixture::kDomain>).join();
  EXPECT_EQ(blocked, 0);
}

TYPED_TEST(Enlist, LeavesTheSignalsOfTheThreadAsTheyWere) {
  std::thread([] {
    sigset_t before, after;
    sigemptyset(&before);
    sigaddset(&before, SIGUSR2);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    enlist<TestFixture::kDomain>();
    pthread_sigmask(SIG_SETMASK, nullptr, &after);
    EXPECT_EQ(sigismember(&after, SIGUSR2), 1);
    EXPECT_EQ(sigismember(&after, SIGUSR1), 0);
  }).join();
}

// It is on no list of ours: a thread that has unregistered becomes a reader like any other.
TYPED_TEST(Enlist, LeavesAThreadAloneThatHasRegisteredByItself) {
  std::thread([] {
    TestFixture::register_with_liburcu();
    enlist_if_new<TestFixture::kDomain>();
    EXPECT_EQ(registrations, 0);
    TestFixture::unregister_from_liburcu();
    EXPECT_FALSE(this_reader<TestFixture::kDomain>().registered);
    enlist_if_new<TestFixture::kDomain>();
    EXPECT_EQ(registrations, 1);
  }).join();
  EXPECT_EQ(unregistrations, 1);
}

TYPED_TEST(Enlist, LeavesAThreadAloneThatHasUnregisteredByItself) {
  std::thread([] {
    enlist<TestFixture::kDomain>();
    TestFixture::unregister_from_liburcu();
  }).join();
  EXPECT_EQ(registrations, 1);
  EXPECT_EQ(unregistrations, 0);
}

// The rounds of destructors at a thread's end, of which ThreadSanitizer takes the last.
#if defined(__has_feature) && __has_feature(thread_sanitizer)
constexpr int kRounds = PTHREAD_DESTRUCTOR_ITERATIONS - 1;
constexpr bool kForks = false;
#else
constexpr int kRounds = PTHREAD_DESTRUCTOR_ITERATIONS;
constexpr bool kForks = true;
#endif

// A key whose destructor calls `in_round(round)` in each of the rounds.
class EachRound {
 public:
  explicit EachRound(std::function<void(int)> in_round) : in_round_(std::move(in_round)) {
    pthread_key_create(&key_, [](void* value) { static_cast<EachRound*>(value)->run(); });
  }
  ~EachRound() { pthread_key_delete(key_); }
  EachRound(const EachRound&) = delete;
  EachRound& operator=(const EachRound&) = delete;

  /// Of the calling thread. In each round the destructors of older keys come before.
  void use() { pthread_setspecific(key_, this); }

 private:
  void run() {
    in_round_(++round_);
    if (round_ < kRounds) use();
  }

  std::function<void(int)> in_round_;
  int round_ = 0;
  pthread_key_t key_{};
};

// Our key is older than the test's: it has to be made first.
TYPED_TEST(Enlist, LastsUntilTheLastRoundOfDestructors) {
  std::thread(&enlist<TestFixture::kDomain>).join();
  registrations = unregistrations = 0;
  EachRound after([](int round) {
    if (round < kRounds) EXPECT_TRUE(this_reader<TestFixture::kDomain>().registered);
  });
  std::thread([&] {
    after.use();
    enlist<TestFixture::kDomain>();
  }).join();
  EXPECT_EQ(registrations, 1);
  EXPECT_EQ(unregistrations, 1);
}

// Of a domain that it has registered for, while we have registered it for the other one.
TYPED_TEST(Enlist, LeavesARegistrationToItsThread) {
  constexpr Domain kOther = TestFixture::kDomain == Domain::rcu ? Domain::tasks : Domain::rcu;
  std::thread(&enlist<kOther>).join();
  registrations = unregistrations = 0;
  EachRound after([](int round) {
    if (round < kRounds) return;
    EXPECT_TRUE(this_reader<TestFixture::kDomain>().registered);
    TestFixture::unregister_from_liburcu();
  });
  std::thread([&] {
    TestFixture::register_with_liburcu();
    after.use();
    enlist<kOther>();
  }).join();
  EXPECT_EQ(registrations, 1);
  EXPECT_EQ(unregistrations, 1);
}

TYPED_TEST(Enlist, AfterTheLastRoundEndsTheProgram) {
  if (!kForks) GTEST_SKIP();
  std::thread(&enlist<TestFixture::kDomain>).join();
  EachRound after([](int round) {
    if (round == kRounds) enlist_if_new<TestFixture::kDomain>();
  });
  drain();
  const pid_t child = start_child([&] {
    std::thread([&] {
      after.use();
      enlist<TestFixture::kDomain>();
    }).join();
    return 0;
  });
  EXPECT_EQ(end_of(child), 128 + SIGABRT);
}

}  // namespace
}  // namespace tpfuzz::internal::rcu
