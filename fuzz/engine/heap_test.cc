#include "fuzz/engine/heap.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "fuzz/subject/sanitizer.h"

namespace tpfuzz {
namespace {

#ifdef TPFUZZ_ASAN
// What AddressSanitizer says of a block tells whether it is freed.
extern "C" int __asan_address_is_poisoned(void const volatile*);  // NOLINT
bool freed(const Block* block) { return __asan_address_is_poisoned(block + 1) != 0; }
#else
// Its content does.
bool freed(const Block* block) { return *reinterpret_cast<const unsigned char*>(block + 1) == 0xdd; }
#endif

constexpr std::size_t kSize = sizeof(Block) + 8;

// A block that is no garbage any more.
Block* block_of(Heap& heap) {
  Block* const block = heap.allocate(kSize);
  *reinterpret_cast<unsigned char*>(block + 1) = 1;
  return block;
}

std::array<GracePeriod, 1> one(const GracePeriod& grace_period) { return {grace_period}; }

TEST(Heap, FreesWhenTheLastReaderHasLeft) {
  ModelRcu rcu;
  Heap heap;
  Block* const block = block_of(heap);
  rcu.enter(0, 0);
  heap.defer_free(block, one(rcu.snapshot(0)));
  heap.collect(rcu);
  EXPECT_FALSE(freed(block));
  rcu.leave(0, 0);
  heap.collect(rcu);
  EXPECT_TRUE(freed(block));
}

TEST(Heap, FreesWhenTheReadersOfAllDomainsHaveLeft) {
  for (const int last : {0, 1}) {
    ModelRcu rcu;
    Heap heap;
    Block* const block = block_of(heap);
    rcu.enter(0, 0);
    rcu.enter(1, 1);
    heap.defer_free(block, std::array{rcu.snapshot(0), rcu.snapshot(1)});
    rcu.leave(1 - last, 1 - last);
    heap.collect(rcu);
    EXPECT_FALSE(freed(block));
    rcu.leave(last, last);
    heap.collect(rcu);
    EXPECT_TRUE(freed(block));
  }
}

TEST(Heap, WithoutAGracePeriodItGoesAtOnce) {
  ModelRcu rcu;
  Heap heap;
  Block* const block = block_of(heap);
  rcu.enter(0, 0);
  heap.defer_free(block, {});
  heap.collect(rcu);
  EXPECT_TRUE(freed(block));
}

TEST(Heap, CountsWhatIsHeld) {
  Heap heap;
  Block* const block = heap.allocate(kSize);
  heap.allocate(kSize);
  EXPECT_EQ(heap.held(), 2);
  heap.defer_free(block, {});
  EXPECT_EQ(heap.held(), 1);
  heap.clear();
  EXPECT_EQ(heap.held(), 0);
}

#ifdef TPFUZZ_ASAN
TEST(Heap, ClearFreesEverything) {
  ModelRcu rcu;
  Heap heap;
  Block* const live = heap.allocate(kSize);
  Block* const deferred = heap.allocate(kSize);
  rcu.enter(0, 0);
  heap.defer_free(deferred, one(rcu.snapshot(0)));
  heap.clear();
  EXPECT_TRUE(freed(live));
  EXPECT_TRUE(freed(deferred));
}
#else
// What does not fit fails; what is there can be used again.
TEST(Heap, KeepsToARoomThatIsFixed) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "blocks are malloc's";
  constexpr std::size_t kRoom = std::size_t{128} << 10;
  Heap heap;
  heap.fix_room(kRoom);
  for (const int again : {1, 2}) {
    std::size_t used = 0;
    for (; heap.allocate(1024) != nullptr && used <= kRoom; used += 1024) continue;
    EXPECT_LE(used, kRoom) << again;
    EXPECT_GT(used, kRoom / 2) << again;
    heap.clear();
  }
}

// Whatever asked for memory in between.
TEST(Heap, TheNextHasTheMemoryOfOneThatHasEnded) {
  if (kAddressSanitizer || kThreadSanitizer) GTEST_SKIP() << "blocks are malloc's";
  struct alignas(std::size_t{64} << 10) Large {
    std::array<std::byte, std::size_t{64} << 10> bytes;
  };
  std::array<std::unique_ptr<Large>, 8> in_between;
  const auto place = [] {
    Heap heap;
    return reinterpret_cast<std::uintptr_t>(heap.allocate(kSize));
  };
  const std::uintptr_t first = place();
  for (auto& large : in_between) {
    large = std::make_unique_for_overwrite<Large>();
    EXPECT_EQ(place(), first);
  }
}

TEST(Heap, WhoRunsOverTheEndMeetsTheSameEveryTime) {
  Heap heap;
  const auto* const end = reinterpret_cast<const unsigned char*>(heap.allocate(kSize)) + kSize;
  EXPECT_EQ(end[0], 0xdd);
  EXPECT_EQ(end[23], 0xdd);
  EXPECT_EQ(end[24], 0);
  EXPECT_EQ(end[47], 0);
}
#endif

}  // namespace
}  // namespace tpfuzz
