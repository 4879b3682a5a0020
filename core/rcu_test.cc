#include "core/rcu.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

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

// Starts `synchronize` on a thread of its own, and returns when it has begun: the number that a snapshot holds moves
// when a grace period takes its own.
std::thread begin_grace_period() {
  const Cookie before = snapshot();
  std::thread synchronizer(&synchronize);
  while (snapshot() == before) std::this_thread::yield();
  return synchronizer;
}

TEST(Rcu, SynchronizeWaitsForAReaderInside) {
  std::atomic<bool> inside{false};
  std::atomic<bool> returned{false};
  std::atomic<bool> left{false};
  std::thread reader([&] {
    const Thread thread;
    read_lock();
    inside = true;
    // Time for a synchronize that does not wait to return: one that does can't, whatever the scheduler does.
    for (int i = 0; i < 20'000 && !returned; ++i) std::this_thread::yield();
    left = true;
    read_unlock();
  });
  wait_for(inside);
  synchronize();
  EXPECT_TRUE(left);
  returned = true;
  reader.join();
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

TEST(Rcu, SectionsNest) {
  std::atomic<bool> inside{false};
  std::atomic<bool> returned{false};
  std::atomic<bool> left{false};
  std::thread reader([&] {
    const Thread thread;
    read_lock();
    read_lock();
    read_unlock();  // still inside the outer one
    inside = true;
    for (int i = 0; i < 20'000 && !returned; ++i) std::this_thread::yield();
    left = true;
    read_unlock();
  });
  wait_for(inside);
  synchronize();
  EXPECT_TRUE(left);
  returned = true;
  reader.join();
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
  std::atomic<bool> inside{false};
  std::atomic<bool> returned{false};
  std::atomic<bool> left{false};
  std::thread reader([&] {
    const Thread thread;
    read_lock();
    inside = true;
    for (int i = 0; i < 20'000 && !returned; ++i) std::this_thread::yield();
    left = true;
    read_unlock();
  });
  wait_for(inside);
  await(snapshot());
  EXPECT_TRUE(left);
  returned = true;
  reader.join();
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

TEST(Rcu, DrainWaitsForWhatWasDeferred) {
  // Only LeakSanitizer and AddressSanitizer can see a free; here: that both functions return, and nothing is lost.
  for (int i = 0; i < 100; ++i) defer_free(&(::new (std::malloc(sizeof(Block))) Block)->header);
  drain();
}

TEST(Rcu, ADeferredFreeWaitsForAReaderInside) {
  auto* block = ::new (std::malloc(sizeof(Block))) Block;
  std::atomic<Block*> shared{block};
  std::atomic<bool> inside{false};
  std::atomic<bool> drained{false};
  std::atomic<bool> left{false};
  std::thread reader([&] {
    const Thread thread;
    read_lock();
    const Block* const found = shared.load(std::memory_order_acquire);
    inside = true;
    for (int i = 0; i < 20'000 && !drained; ++i) {
      EXPECT_EQ(found->value, 1);
      std::this_thread::yield();
    }
    left = true;
    read_unlock();
  });
  wait_for(inside);
  shared = nullptr;
  defer_free(&block->header);
  drain();
  EXPECT_TRUE(left);
  drained = true;
  reader.join();
}

}  // namespace
}  // namespace tp::rcu
