#include "core/rcu.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include "core/testing/each_domain.h"

namespace tpfuzz::internal::rcu {
namespace {

void wait_for(const std::atomic<bool>& flag) {
  while (!flag) std::this_thread::yield();
}

// A reader on a thread of its own, inside its section until it is told to leave.
template <Domain domain>
class HeldReader {
 public:
  HeldReader() { wait_for(inside_); }
  ~HeldReader() { leave(); }
  void leave() {
    may_leave_ = true;
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::atomic<bool> inside_{false};
  std::atomic<bool> may_leave_{false};
  std::thread thread_{[this] {
    read_lock<domain>();
    inside_ = true;
    wait_for(may_leave_);
    read_unlock<domain>();
  }};
};

// A reader on a thread of its own, inside its section when this is made. It lingers there, and leaves by itself: time
// for a wait that does not wait to return before it, which one that does wait can't, whatever the scheduler does.
template <Domain domain>
class LingeringReader {
 public:
  explicit LingeringReader(std::function<void()> look = [] {}) : look_(std::move(look)) { wait_for(inside_); }
  ~LingeringReader() {
    seen_ = true;
    thread_.join();
  }
  bool has_left() const { return left_; }

 private:
  std::function<void()> look_;  // what it does inside, again and again
  std::atomic<bool> inside_{false};
  std::atomic<bool> seen_{false};
  std::atomic<bool> left_{false};
  std::thread thread_{[this] {
    read_lock<domain>();
    read_lock<domain>();
    read_unlock<domain>();  // sections nest: it is still inside the outer one
    inside_ = true;
    for (int i = 0; i < 5'000 && !seen_; ++i) {
      look_();
      std::this_thread::yield();
    }
    left_ = true;
    read_unlock<domain>();
  }};
};

// Starts `synchronize` on a thread of its own, and returns when it has begun: the number that a snapshot holds moves
// when a grace period takes its own.
template <Domain domain>
std::thread begin_grace_period() {
  const Cookie before = snapshot<domain>();
  std::thread synchronizer(&synchronize<domain>);
  while (snapshot<domain>() == before) std::this_thread::yield();
  return synchronizer;
}

template <class OfDomain>
class Rcu : public testing::Test {};
TYPED_TEST_SUITE(Rcu, EachDomain, DomainName);

TYPED_TEST(Rcu, SynchronizeWaitsForAReaderInside) {
  constexpr Domain kDomain = TypeParam::value;
  const LingeringReader<kDomain> reader;
  synchronize<kDomain>();
  EXPECT_TRUE(reader.has_left());
}

TYPED_TEST(Rcu, SynchronizeWithoutReadersReturns) {
  constexpr Domain kDomain = TypeParam::value;
  const unsigned long before = waited<kDomain>();
  synchronize<kDomain>();
  EXPECT_EQ(waited<kDomain>(), before + 1);
}

TYPED_TEST(Rcu, SynchronizeDoesNotWaitForAThreadOutside) {
  constexpr Domain kDomain = TypeParam::value;
  std::atomic<bool> registered{false};
  std::atomic<bool> done{false};
  std::thread idle([&] {
    register_thread();
    registered = true;
    wait_for(done);
  });
  wait_for(registered);
  synchronize<kDomain>();  // would never return
  done = true;
  idle.join();
}

TYPED_TEST(Rcu, ACookieIsSatisfiedByTheNextGracePeriod) {
  constexpr Domain kDomain = TypeParam::value;
  const Cookie cookie = snapshot<kDomain>();
  EXPECT_FALSE(poll<kDomain>(cookie));
  synchronize<kDomain>();
  EXPECT_TRUE(poll<kDomain>(cookie));
  synchronize<kDomain>();
  EXPECT_TRUE(poll<kDomain>(cookie));  // and stays so
}

TYPED_TEST(Rcu, AGracePeriodUnderWayDoesNotCount) {
  constexpr Domain kDomain = TypeParam::value;
  HeldReader<kDomain> reader;  // so that it can't end before the cookie is taken
  const Cookie before = snapshot<kDomain>();
  std::thread synchronizer = begin_grace_period<kDomain>();
  const Cookie during = snapshot<kDomain>();
  EXPECT_FALSE(poll<kDomain>(before));
  reader.leave();
  synchronizer.join();
  EXPECT_TRUE(poll<kDomain>(before));
  EXPECT_FALSE(poll<kDomain>(during));
  synchronize<kDomain>();
  EXPECT_TRUE(poll<kDomain>(during));
}

TYPED_TEST(Rcu, GracePeriodsComeOneAfterTheOther) {
  constexpr Domain kDomain = TypeParam::value;
  HeldReader<kDomain> reader;  // so that the first can't end
  std::thread first = begin_grace_period<kDomain>();
  const Cookie during = snapshot<kDomain>();
  std::thread second(&synchronize<kDomain>);
  // Time for a grace period that does not wait for the one under way to take its number.
  for (int i = 0; i < 20'000 && snapshot<kDomain>() == during; ++i) std::this_thread::yield();
  EXPECT_EQ(snapshot<kDomain>(), during);
  reader.leave();
  first.join();
  second.join();
}

TYPED_TEST(Rcu, AwaitOfASatisfiedCookieDoesNotWait) {
  constexpr Domain kDomain = TypeParam::value;
  const Cookie cookie = snapshot<kDomain>();
  synchronize<kDomain>();
  const unsigned long before = waited<kDomain>();
  HeldReader<kDomain> reader;  // with whom a wait would never end
  await<kDomain>(cookie);
  EXPECT_EQ(waited<kDomain>(), before);
}

TYPED_TEST(Rcu, AwaitWaitsForOneGracePeriod) {
  constexpr Domain kDomain = TypeParam::value;
  const Cookie cookie = snapshot<kDomain>();
  const unsigned long before = waited<kDomain>();
  await<kDomain>(cookie);
  EXPECT_TRUE(poll<kDomain>(cookie));
  EXPECT_EQ(waited<kDomain>(), before + 1);
}

TYPED_TEST(Rcu, AwaitWaitsForAReaderInside) {
  constexpr Domain kDomain = TypeParam::value;
  const LingeringReader<kDomain> reader;
  await<kDomain>(snapshot<kDomain>());
  EXPECT_TRUE(reader.has_left());
}

TYPED_TEST(Rcu, AwaitDuringAGracePeriodWaitsForTheNext) {
  constexpr Domain kDomain = TypeParam::value;
  HeldReader<kDomain> reader;
  std::thread synchronizer = begin_grace_period<kDomain>();
  const Cookie during = snapshot<kDomain>();
  const unsigned long before = waited<kDomain>();
  reader.leave();
  await<kDomain>(during);
  synchronizer.join();
  EXPECT_TRUE(poll<kDomain>(during));
  EXPECT_EQ(waited<kDomain>(), before + 2);
}

// Else the child would find it half done by a thread that it does not have.
TYPED_TEST(Rcu, AForkWaitsForAGracePeriodUnderWay) {
  constexpr Domain kDomain = TypeParam::value;
  const LingeringReader<kDomain> reader;
  std::thread synchronizer = begin_grace_period<kDomain>();
  before_fork();
  EXPECT_TRUE(reader.has_left());
  after_fork_in_parent();
  synchronizer.join();
}

// A thread that did not wait itself, and only sees that the cookie's grace period has passed. ThreadSanitizer judges.
TYPED_TEST(Rcu, WhoSeesACookieSatisfiedSeesWhatAReaderDid) {
  constexpr Domain kDomain = TypeParam::value;
  int value = 0;
  std::atomic<bool> left{false};
  const Cookie cookie = snapshot<kDomain>();
  std::thread reader([&] {
    read_lock<kDomain>();
    value = 1;
    read_unlock<kDomain>();
    left.store(true, std::memory_order_relaxed);  // orders nothing
  });
  std::thread synchronizer([&] {
    while (!left.load(std::memory_order_relaxed)) std::this_thread::yield();
    synchronize<kDomain>();
  });
  while (!poll<kDomain>(cookie)) std::this_thread::yield();
  EXPECT_EQ(value, 1);
  reader.join();
  synchronizer.join();
}

// Two writers hand an object over and free it; a reader looks into it all the time. ASan and TSan judge.
TYPED_TEST(Rcu, NobodyReadsWhatIsFreedAfterAGracePeriod) {
  constexpr Domain kDomain = TypeParam::value;
  std::atomic<int*> shared{new int(1)};
  std::atomic<bool> stop{false};
  std::thread reader([&] {
    while (!stop) {
      read_lock<kDomain>();
      EXPECT_EQ(*shared.load(std::memory_order_acquire), 1);
      read_unlock<kDomain>();
    }
  });
  for (int i = 0; i < 2000; ++i) {
    int* const old = shared.exchange(new int(1), std::memory_order_acq_rel);
    if (i % 2 == 0)
      synchronize<kDomain>();
    else
      await<kDomain>(snapshot<kDomain>());
    *old = 0;
    delete old;
  }
  stop = true;
  reader.join();
  delete shared.load();
}

struct Block {
  Header header{};
  int value = 1;
};

// What was freed only AddressSanitizer and LeakSanitizer see.
TYPED_TEST(Rcu, DrainEnds) {
  constexpr Domain kDomain = TypeParam::value;
  for (int i = 0; i < 100; ++i) defer_free<kDomain>(&(::new (std::malloc(sizeof(Block))) Block)->header);
  drain<kDomain>();
}

TYPED_TEST(Rcu, ADeferredFreeWaitsForAReaderInside) {
  constexpr Domain kDomain = TypeParam::value;
  auto* const block = ::new (std::malloc(sizeof(Block))) Block;
  const LingeringReader<kDomain> reader([block] { EXPECT_EQ(block->value, 1); });
  defer_free<kDomain>(&block->header);
  drain<kDomain>();
  EXPECT_TRUE(reader.has_left());
}

// What goes after both waits for readers of each; with a reader of either inside it is not freed.
TEST(RcuDomains, AFreeAfterBothWaitsForReadersOfEach) {
  auto* const first = ::new (std::malloc(sizeof(Block))) Block;
  {
    const LingeringReader<Domain::rcu> reader([first] { EXPECT_EQ(first->value, 1); });
    defer_free(&first->header, kEveryDomain);
    drain();
    EXPECT_TRUE(reader.has_left());
  }
  auto* const second = ::new (std::malloc(sizeof(Block))) Block;
  const LingeringReader<Domain::tasks> reader([second] { EXPECT_EQ(second->value, 1); });
  defer_free(&second->header, kEveryDomain);
  drain();
  EXPECT_TRUE(reader.has_left());
}

// With a reader inside, for whom a wait would never end. That it is freed AddressSanitizer sees.
TEST(RcuDomains, AFreeAfterNoneIsAtOnce) {
  const HeldReader<Domain::rcu> reader;
  defer_free(&(::new (std::malloc(sizeof(Block))) Block)->header, Domains());
}

TEST(RcuDomains, OutstandingIsWhatNoGracePeriodHasPassedOf) {
  const std::array<Cookie, kDomains> cookies = {snapshot<Domain::rcu>(), snapshot<Domain::tasks>()};
  EXPECT_EQ(outstanding(kEveryDomain, cookies), kEveryDomain);
  EXPECT_EQ(outstanding(Domain::tasks, cookies), Domains(Domain::tasks));
  synchronize<Domain::rcu>();
  EXPECT_EQ(outstanding(kEveryDomain, cookies), Domains(Domain::tasks));
  synchronize<Domain::tasks>();
  EXPECT_EQ(outstanding(kEveryDomain, cookies), Domains());
}

// Each with a reader of the other domain inside, with whom a wait would never end.
TEST(RcuDomains, DoNotWaitForEachOther) {
  const HeldReader<Domain::rcu> ordinary;
  synchronize<Domain::tasks>();
  await<Domain::tasks>(snapshot<Domain::tasks>());
}
TEST(RcuDomains, DoNotWaitForEachOtherTheOtherWayRound) {
  const HeldReader<Domain::tasks> faultable;
  synchronize<Domain::rcu>();
  await<Domain::rcu>(snapshot<Domain::rcu>());
}

TEST(RcuDomains, CountTheirOwnGracePeriods) {
  const unsigned long before = waited<Domain::rcu>();
  const Cookie cookie = snapshot<Domain::rcu>();
  synchronize<Domain::tasks>();
  EXPECT_FALSE(poll<Domain::rcu>(cookie));
  EXPECT_EQ(waited<Domain::rcu>(), before);
}

}  // namespace
}  // namespace tpfuzz::internal::rcu
