// The subject's memory during one execution: real blocks of malloc, so that AddressSanitizer sees a use after free.
// Deferred blocks go at the earliest legal moment; what is left at the end goes with `clear`.
#pragma once

#include <cstdlib>
#include <new>

#include "fuzz/engine/model_rcu.h"

namespace tpfuzz {

class Heap {
 public:
  Heap() = default;
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;
  ~Heap() { clear(); }

  /// A block of `size` bytes, a Block in front; `size` is at least a Block's. nullptr if the system has none.
  Block* allocate(std::size_t size) {
    void* const memory = std::malloc(size);
    if (memory == nullptr) return nullptr;
    Block* const block = ::new (memory) Block;
    insert(live_, *block);
    return block;
  }

  /// Frees `block` once `grace_period` is over: at a later `collect`.
  void defer_free(Block* block, const GracePeriod& grace_period) {
    remove(*block);
    block->grace_period = grace_period;
    insert(deferred_, *block);
  }

  /// Frees the deferred blocks whose grace period is over.
  void collect(const ModelRcu& rcu) {
    for (Block* block = deferred_.next; block != &deferred_;) {
      Block* const next = block->next;
      if (rcu.over(block->grace_period)) release(block);
      block = next;
    }
  }

  void clear() {
    while (live_.next != &live_) release(live_.next);
    while (deferred_.next != &deferred_) release(deferred_.next);
  }

 private:
  static void insert(Block& list, Block& block) {
    block.next = list.next;
    block.previous = &list;
    list.next->previous = &block;
    list.next = &block;
  }
  static void remove(Block& block) {
    block.next->previous = block.previous;
    block.previous->next = block.next;
  }
  static void release(Block* block) {
    remove(*block);
    std::free(block);
  }

  Block live_{&live_, &live_, {}};
  Block deferred_{&deferred_, &deferred_, {}};
};

}  // namespace tpfuzz
