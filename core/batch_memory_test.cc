// A batch of removals without memory: it fails before it has changed anything, and throws nothing.
#include <gtest/gtest.h>

#include <cerrno>
#include <cstdlib>
#include <new>
#include <vector>

#include "core/testing/call_log.h"
#include "core/tracepoint.h"

namespace {

thread_local int allocations_left = -1;  // until one fails; below 0: none does
thread_local int failed = 0;

}  // namespace

void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  if (allocations_left == 0) {
    ++failed;
    return nullptr;
  }
  if (allocations_left > 0) --allocations_left;
  return std::malloc(size);
}
void* operator new(std::size_t size) {
  void* const memory = operator new(size, std::nothrow);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept { return operator new(size, tag); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

TPFUZZ_TRACEPOINT_DECLARE(first_of_batch, void());
TPFUZZ_TRACEPOINT_DEFINE(first_of_batch);
TPFUZZ_TRACEPOINT_DECLARE(second_of_batch, void());
TPFUZZ_TRACEPOINT_DEFINE(second_of_batch);

namespace tpfuzz::internal {
namespace {

int disabled = 0;

TEST(BatchMemoryTest, WithoutMemoryNothingIsChanged) {
  const Hooks hooks = {nullptr, [](void*) { ++disabled; }, nullptr};
  first_of_batch.set_hooks(hooks);
  second_of_batch.set_hooks(hooks);
  ASSERT_EQ(first_of_batch.register_probe(&note<0>, &data_a), 0);
  ASSERT_EQ(second_of_batch.register_probe(&note<1>, &data_b), 0);
  std::vector<Removal<NativeEnv>> removals;  // so many that the batch needs the heap
  for (int i = 0; i < 20; ++i) {
    removals.push_back(first_of_batch.removal(&note<0>, &data_a));
    removals.push_back(second_of_batch.removal(&note<1>, &data_b));
  }
  int result = -ENOMEM;
  int tries = 0;
  for (; result != 0; ++tries) {  // the first allocation fails, and all after it; then the second
    ASSERT_LT(tries, 10);
    failed = 0;
    allocations_left = tries;
    result = unregister_probes(removals);
    allocations_left = -1;
    if (result == 0) break;
    EXPECT_EQ(result, -ENOMEM);
    EXPECT_GT(failed, 0);
    EXPECT_EQ(disabled, 0);
    first_of_batch.hit(), second_of_batch.hit();
    EXPECT_EQ(take_calls(), "0a1b");
  }
  EXPECT_GT(tries, 0) << "no allocation can fail";
  EXPECT_EQ(disabled, 2);
  first_of_batch.hit(), second_of_batch.hit();
  EXPECT_EQ(take_calls(), "");
}

}  // namespace
}  // namespace tpfuzz::internal
