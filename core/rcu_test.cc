#include "core/rcu.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <thread>
#include <utility>

namespace tp::rcu {
namespace {

void wait_for(const std::atomic<bool>& flag) {
  while (!flag) std::this_thread::yield();
}

// A reader on a thread of its own, inside its section until it is told to leave.
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
    const Thread reader;
    read_lock();
    inside_ = true;
    wait_for(may_leave_);
    read_unlock();
  }};
};

// A reader on a thread of its own, inside its section when this is made. It lingers there, and leaves by itself: time
// for a wait that does not wait to return before it, which one that does wait can't, whatever the scheduler does.
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
    const Thread reader;
    read_lock();
    read_lock();
    read_unlock();  // sections nest: it is still inside the outer one
    inside_ = true;
    for (int i = 0; i < 20'000 && !seen_; ++i) {
      look_();
      std::this_thread::yield();
    }
    left_ = true;
    read_unlock();
  }};
};

// Starts `synchronize` on a thread of its own, and returns when it has begun: the number that a snapshot holds moves
// when a grace period takes its own.
std::thread begin_grace_period() {
  const Cookie before = snapshot();
  std::thread synchronizer(&synchronize);
  while (snapshot() == before) std::this_thread::yield();
  return synchronizer;
}

TEST(Rcu, SynchronizeWaitsForAReaderInside) {
  const LingeringReader reader;
  synchronize();
  EXPECT_TRUE(reader.has_left());
}

TEST(Rcu, SynchronizeWithoutReadersReturns) {
  const unsigned long before = waited();
  synchronize();
  EXPECT_EQ(waited(), before + 1);
}

TEST(Rcu, SynchronizeDoesNotWaitForAThreadOutside) {
  std::atomic<bool> registered{false};
  std::atomic<bool> done{false};
  std::thread idle([&] {
    const Thread thread;
    registered = true;
    wait_for(done);
  });
  wait_for(registered);
  synchronize();  // would never return
  done = true;
  idle.join();
}

TEST(Rcu, ACookieIsSatisfiedByTheNextGracePeriod) {
  const Cookie cookie = snapshot();
  EXPECT_FALSE(poll(cookie));
  synchronize();
  EXPECT_TRUE(poll(cookie));
  synchronize();
  EXPECT_TRUE(poll(cookie));  // and stays so
}

TEST(Rcu, AGracePeriodUnderWayDoesNotCount) {
  HeldReader reader;  // so that it can't end before the cookie is taken
  const Cookie before = snapshot();
  std::thread synchronizer = begin_grace_period();
  const Cookie during = snapshot();
  EXPECT_FALSE(poll(before));
  reader.leave();
  synchronizer.join();
  EXPECT_TRUE(poll(before));
  EXPECT_FALSE(poll(during));
  synchronize();
  EXPECT_TRUE(poll(during));
}

TEST(Rcu, GracePeriodsComeOneAfterTheOther) {
  HeldReader reader;  // so that the first can't end
  std::thread first = begin_grace_period();
  const Cookie during = snapshot();
  std::thread second(&synchronize);
  // Time for a grace period that does not wait for the one under way to take its number.
  for (int i = 0; i < 20'000 && snapshot() == during; ++i) std::this_thread::yield();
  EXPECT_EQ(snapshot(), during);
  reader.leave();
  first.join();
  second.join();
}

TEST(Rcu, AwaitOfASatisfiedCookieDoesNotWait) {
  const Cookie cookie = snapshot();
  synchronize();
  const unsigned long before = waited();
  HeldReader reader;  // with whom a wait would never end
  await(cookie);
  EXPECT_EQ(waited(), before);
}

TEST(Rcu, AwaitWaitsForOneGracePeriod) {
  const Cookie cookie = snapshot();
  const unsigned long before = waited();
  await(cookie);
  EXPECT_TRUE(poll(cookie));
  EXPECT_EQ(waited(), before + 1);
}

TEST(Rcu, AwaitWaitsForAReaderInside) {
  const LingeringReader reader;
  await(snapshot());
  EXPECT_TRUE(reader.has_left());
}

TEST(Rcu, AwaitDuringAGracePeriodWaitsForTheNext) {
  HeldReader reader;
  std::thread synchronizer = begin_grace_period();
  const Cookie during = snapshot();
  const unsigned long before = waited();
  reader.leave();
  await(during);
  synchronizer.join();
  EXPECT_TRUE(poll(during));
  EXPECT_EQ(waited(), before + 2);
}

// Else the child would find it half done by a thread that it does not have.
TEST(Rcu, AForkWaitsForAGracePeriodUnderWay) {
  const LingeringReader reader;
  std::thread synchronizer = begin_grace_period();
  before_fork();
  EXPECT_TRUE(reader.has_left());
  after_fork_in_parent();
  synchronizer.join();
}

// A thread that did not wait itself, and only sees that the cookie's grace period has passed. ThreadSanitizer judges.
TEST(Rcu, WhoSeesACookieSatisfiedSeesWhatAReaderDid) {
  int value = 0;
  std::atomic<bool> left{false};
  const Cookie cookie = snapshot();
  std::thread reader([&] {
    const Thread thread;
    read_lock();
    value = 1;
    read_unlock();
    left.store(true, std::memory_order_relaxed);  // orders nothing
  });
  std::thread synchronizer([&] {
    while (!left.load(std::memory_order_relaxed)) std::this_thread::yield();
    synchronize();
  });
  while (!poll(cookie)) std::this_thread::yield();
  EXPECT_EQ(value, 1);
  reader.join();
  synchronizer.join();
}

// Two writers hand an object over and free it; a reader looks into it all the time. ASan and TSan judge.
TEST(Rcu, NobodyReadsWhatIsFreedAfterAGracePeriod) {
  std::atomic<int*> shared{new int(1)};
  std::atomic<bool> stop{false};
  std::thread reader([&] {
    const Thread thread;
    while (!stop) {
      read_lock();
      EXPECT_EQ(*shared.load(std::memory_order_acquire), 1);
      read_unlock();
    }
  });
  for (int i = 0; i < 2000; ++i) {
    int* const old = shared.exchange(new int(1), std::memory_order_acq_rel);
    if (i % 2 == 0)
      synchronize();
    else
      await(snapshot());
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
TEST(Rcu, DrainEnds) {
  for (int i = 0; i < 100; ++i) defer_free(&(::new (std::malloc(sizeof(Block))) Block)->header);
  drain();
}

TEST(Rcu, ADeferredFreeWaitsForAReaderInside) {
  auto* const block = ::new (std::malloc(sizeof(Block))) Block;
  const LingeringReader reader([block] { EXPECT_EQ(block->value, 1); });
  defer_free(&block->header);
  drain();
  EXPECT_TRUE(reader.has_left());
}

}  // namespace
}  // namespace tp::rcu
