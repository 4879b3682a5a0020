#include "fuzz/engine/heap.h"

#include <gtest/gtest.h>

namespace tpfuzz {
namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TPFUZZ_ASAN
#endif
#endif

#ifdef TPFUZZ_ASAN
// What AddressSanitizer says of a block tells whether it is freed.
extern "C" int __asan_address_is_poisoned(void const volatile*);  // NOLINT
bool freed(const Block* block) { return __asan_address_is_poisoned(block) != 0; }

TEST(Heap, FreesWhenTheLastReaderHasLeft) {
  ModelRcu rcu;
  Heap heap;
  Block* const block = heap.allocate(64);
  rcu.enter(0);
  heap.defer_free(block, rcu.begin());
  heap.collect(rcu);
  EXPECT_FALSE(freed(block));
  rcu.leave(0);
  heap.collect(rcu);
  EXPECT_TRUE(freed(block));
}

TEST(Heap, ClearFreesEverything) {
  ModelRcu rcu;
  Heap heap;
  Block* const live = heap.allocate(64);
  Block* const deferred = heap.allocate(64);
  rcu.enter(0);
  heap.defer_free(deferred, rcu.begin());
  heap.clear();
  EXPECT_TRUE(freed(live));
  EXPECT_TRUE(freed(deferred));
}
#else
TEST(Heap, IsJudgedByAddressSanitizer) { GTEST_SKIP() << "only AddressSanitizer knows what is freed"; }
#endif

}  // namespace
}  // namespace tpfuzz
