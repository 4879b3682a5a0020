// The subject's memory during one execution: real blocks of malloc. Deferred blocks go at the earliest legal moment;
// what is left at the end goes with `clear`.
//
// A use after free, or one behind the end, is AddressSanitizer's to find, for which freed memory has to be freed. In
// other builds it must not depend on what malloc does with the memory: a freed block is filled with kGarbage and kept
// until `clear`, and behind every block stand one entry's worth of garbage and one of zeros, so that who runs over the
// end meets the same things every time.
#pragma once

#include <cstdlib>
#include <cstring>
#include <new>

#include "fuzz/engine/block_list.h"
#include "fuzz/engine/model_rcu.h"
#include "fuzz/subject/sanitizer.h"

namespace tpfuzz {

class Heap {
 public:
  Heap() = default;
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;
  ~Heap() { clear(); }

  /// A block of `size` bytes, a Block in front; `size` is at least a Block's. nullptr if the system has none.
  Block* allocate(std::size_t size) {
    void* const memory = std::malloc(size + kBehind);
    if (memory == nullptr) return nullptr;
    if (kBehind != 0) {
      std::memset(static_cast<char*>(memory) + size, kGarbage, kEntry);
      std::memset(static_cast<char*>(memory) + size + kEntry, 0, kEntry);
    }
    Block* const block = ::new (memory) Block;
    block->size = size;
    live_.insert(*block);
    ++held_;
    return block;
  }

  /// How many blocks are neither freed nor deferred.
  int held() const { return held_; }

  /// Frees `block` once `grace_period` is over: at a later `collect`.
  void defer_free(Block* block, const GracePeriod& grace_period) {
    BlockList::remove(*block);
    --held_;
    block->grace_period = grace_period;
    deferred_.insert(*block);
  }

  /// Frees the deferred blocks whose grace period is over.
  void collect(const ModelRcu& rcu) {
    deferred_.for_each([&](Block& block) {
      if (rcu.over(block.grace_period)) release(block);
    });
  }

  void clear() {
    for (BlockList* list : {&live_, &deferred_, &freed_})
      while (!list->empty()) give_back(list->first());
    held_ = 0;
  }

 private:
  static constexpr int kGarbage = 0xdd;      // as an address: not canonical, so that following it faults
  static constexpr std::size_t kEntry = 24;  // of an array: function, data, priority
  static constexpr std::size_t kBehind = kAddressSanitizer ? 0 : 2 * kEntry;

  static void give_back(Block& block) {
    BlockList::remove(block);
    std::free(&block);
  }
  void release(Block& block) {
    if (kAddressSanitizer) return give_back(block);
    BlockList::remove(block);
    std::memset(&block + 1, kGarbage, block.size - sizeof block);
    freed_.insert(block);
  }

  BlockList live_;
  BlockList deferred_;
  BlockList freed_;
  int held_ = 0;
};

}  // namespace tpfuzz
