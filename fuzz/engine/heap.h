// The subject's memory during one execution: real blocks of malloc. Deferred blocks go at the earliest legal moment;
// what is left at the end goes with `clear`.
//
// A use after free, or one behind the end, is AddressSanitizer's to find, for which freed memory has to be freed. In
// other builds a freed block is filled with garbage (garbage.h) and kept until `clear`.
#pragma once

#include <cstdlib>
#include <new>

#include "fuzz/engine/block_list.h"
#include "fuzz/engine/garbage.h"
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
    fill_behind(static_cast<char*>(memory) + size);
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
  static void give_back(Block& block) {
    BlockList::remove(block);
    std::free(&block);
  }
  void release(Block& block) {
    if (kAddressSanitizer) return give_back(block);
    BlockList::remove(block);
    fill_with_garbage(block);
    freed_.insert(block);
  }

  BlockList live_;
  BlockList deferred_;
  BlockList freed_;
  int held_ = 0;
};

}  // namespace tpfuzz
