#include "fuzz/engine/free_heap.h"

#include <gtest/gtest.h>

#include <array>

#include "core/rcu.h"
#include "fuzz/engine/garbage.h"
#include "fuzz/engine/real_domain.h"

namespace tpfuzz {
namespace {

constexpr std::size_t kSize = sizeof(Block) + kEntry;

unsigned char first_byte(const Block& block) { return *reinterpret_cast<const unsigned char*>(&block + 1); }

class FreeHeapTest : public testing::Test {
 protected:
  Block& allocate() {
    Block* const block = heap_.allocate(kSize);
    *reinterpret_cast<unsigned char*>(block + 1) = 1;
    return *block;
  }
  static std::array<GracePeriod, 1> later(int domain = kOrdinary) {
    return {GracePeriod{.domain = domain, .cookie = real_domain(domain).snapshot()}};
  }
  const RealReader reader_;
  FreeHeap heap_;
};

TEST_F(FreeHeapTest, CountsWhatIsHeld) {
  Block& a = allocate();
  Block& b = allocate();
  EXPECT_EQ(heap_.held(), 2);
  heap_.defer_free(a, later());
  EXPECT_EQ(heap_.held(), 1);
  heap_.defer_free(b, {});
  EXPECT_EQ(heap_.held(), 0);
  allocate();
  heap_.clear();
  EXPECT_EQ(heap_.held(), 0);
}

TEST_F(FreeHeapTest, ABlockIsGarbageAfterAGracePeriod) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "there it is really freed";
  Block& block = allocate();
  tp::rcu::read_lock();
  heap_.defer_free(block, later());
  EXPECT_EQ(first_byte(block), 1);
  tp::rcu::read_unlock();
  tp::rcu::drain();
  EXPECT_EQ(first_byte(block), kGarbage);
}

TEST_F(FreeHeapTest, WhatHasPassedSinceTheCookieIsNotWaitedFor) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "there it is really freed";
  Block& block = allocate();
  const auto cookie = later();
  real_domain(kOrdinary).synchronize();
  tp::rcu::read_lock();
  heap_.defer_free(block, cookie);
  EXPECT_EQ(first_byte(block), kGarbage);
  tp::rcu::read_unlock();
}

TEST_F(FreeHeapTest, GracePeriodsOfTwoDomainsAreWaitedFor) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "there it is really freed";
  for (const int held : {0, 1}) {
    Block& block = allocate();
    real_domain(held).read_lock();
    heap_.defer_free(block, std::array{later(0)[0], later(1)[0]});
    real_domain(1 - held).drain();
    EXPECT_EQ(first_byte(block), 1) << "domain " << held;
    real_domain(held).read_unlock();
    drain_domains();
    EXPECT_EQ(first_byte(block), kGarbage) << "domain " << held;
  }
}

TEST_F(FreeHeapTest, AGracePeriodIsOneOfItsDomain) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "there it is really freed";
  for (int domain = 0; domain < kDomains; ++domain) {
    const int other = (domain + 1) % kDomains;
    Block& block = allocate();
    Block& of_other = allocate();
    real_domain(domain).read_lock();
    heap_.defer_free(block, later(domain));
    heap_.defer_free(of_other, later(other));
    real_domain(other).drain();
    EXPECT_EQ(first_byte(of_other), kGarbage) << "domain " << domain;
    EXPECT_EQ(first_byte(block), 1) << "domain " << domain;
    real_domain(domain).read_unlock();
    real_domain(domain).drain();
    EXPECT_EQ(first_byte(block), kGarbage) << "domain " << domain;
  }
}

TEST_F(FreeHeapTest, ABlockThatIsFreedTwiceDoesNoHarm) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "there it is really freed, and reported";
  Block& twice = allocate();
  heap_.defer_free(twice, later());
  heap_.defer_free(twice, later());
  tp::rcu::drain();
  heap_.defer_free(twice, {});
  EXPECT_EQ(heap_.held(), -2) << "who frees twice is seen";
  EXPECT_EQ(first_byte(allocate()), 1);
}

TEST_F(FreeHeapTest, WhatIsDeferredOutlivesTheRun) {
  tp::rcu::read_lock();
  heap_.defer_free(allocate(), later());
  heap_.clear();
  allocate();
  tp::rcu::read_unlock();
  tp::rcu::drain();
  EXPECT_EQ(heap_.held(), 1);
}

}  // namespace
}  // namespace tpfuzz
