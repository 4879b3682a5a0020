// The subject's memory during one execution. Deferred blocks go at the earliest legal moment; what is left at the end
// goes with `clear`.
//
// Blocks lie one after the other, in the order of their allocation, and the address of a freed block is not used again
// before `clear`: so the same execution has the same blocks. A block is filled with garbage (garbage.h) at first, and
// when it is freed. Under a sanitizer blocks are malloc's: a use after free, or one after the end, is
// AddressSanitizer's to find, for which freed memory has to be freed; and ThreadSanitizer must not take a block for the
// one before.
#pragma once

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "fuzz/base/saved_bytes.h"
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
  ~Heap() {
    clear();
    for (std::unique_ptr<Chunk>& chunk : chunks_) spare_.push_back(std::move(chunk));
  }

  /// A block of `size` bytes, a Block in front; `size` is at least a Block's. nullptr if there is no room.
  Block* allocate(std::size_t size) {
    TPFUZZ_CHECK(size >= sizeof(Block));
    void* const memory = room(size + kBehind);
    if (memory == nullptr) return nullptr;
    fill_behind(static_cast<char*>(memory) + size);
    Block* const block = ::new (memory) Block;
    block->size = size;
    if (!kMallocs) fill_with_garbage(*block);
    live_.insert(*block);
    ++held_;
    return block;
  }

  /// Has room for `size` bytes from now on, and for no more. So a process that is forked later has the same room.
  void fix_room(std::size_t size) {
    while (chunks_.size() < size / kChunk) add_chunk();
    fixed_ = true;
  }

  /// How many blocks are neither freed nor deferred.
  int held() const { return held_; }

  /// Frees `block` once all of `grace_periods` are over: at a later `collect`.
  void defer_free(Block* block, std::span<const GracePeriod> grace_periods) {
    BlockList::remove(*block);
    --held_;
    block->await(grace_periods);
    deferred_.insert(*block);
  }

  /// Whether there are deferred blocks that are not freed.
  bool has_deferred() const { return !deferred_.empty(); }

  /// Frees the deferred blocks whose grace periods are over.
  void collect(const ModelRcu& rcu) {
    deferred_.for_each([&](Block& block) {
      if (std::ranges::all_of(block.awaited(), [&](const GracePeriod& its) { return rcu.over(its); })) release(block);
    });
  }

  /// Whether a block is held, or what became of it.
  enum class Fate : std::uint8_t { held, deferred, freed };

  /// Calls `visit(block, fate)` for each block since the last `clear`.
  template <class Visit>
  void for_each(Visit visit) const {
    live_.for_each([&](const Block& block) { visit(block, Fate::held); });
    deferred_.for_each([&](const Block& block) { visit(block, Fate::deferred); });
    freed_.for_each([&](const Block& block) { visit(block, Fate::freed); });
  }

  /// Writes all blocks, and puts them back where they were. Not under a sanitizer, where blocks are malloc's.
  void save(SavedBytes& out) const {
    out.put(used_);
    out.put(held_);
    for (const BlockList* list : {&live_, &deferred_, &freed_}) list->save(out);
    for_each_chunk([&](std::byte* chunk, std::size_t size) { out.put(std::span<const std::byte>(chunk, size)); });
  }
  void restore(SavedReader& in) {
    in.take_into(used_);
    in.take_into(held_);
    for (BlockList* list : {&live_, &deferred_, &freed_}) list->restore(in);
    for_each_chunk([&](std::byte* chunk, std::size_t size) { std::memcpy(chunk, in.take(size).data(), size); });
  }

  void clear() {
    for (BlockList* list : {&live_, &deferred_, &freed_}) {
      if (kMallocs)
        while (!list->empty()) give_back(list->first());
      list->clear();
    }
    used_ = 0;
    held_ = 0;
  }

 private:
  static constexpr bool kMallocs = kAddressSanitizer || kThreadSanitizer;
  static constexpr std::size_t kChunk = 64 * 1024;
  static constexpr std::size_t kAlignment = alignof(std::max_align_t);

  // The last bytes of a block's address are those of its place in a chunk, wherever the chunk lies. A digest depends on
  // that: a byte on a stack may lie in what is left of an address (execution_digest.h).
  struct alignas(kChunk) Chunk {
    std::array<std::byte, kChunk> bytes;
  };

  // No block is larger than a chunk. A block that does not fit into the rest of a chunk begins the next one.
  void* room(std::size_t size) {
    if (kMallocs) return std::malloc(size);
    size = (size + kAlignment - 1) & ~(kAlignment - 1);
    if (size > kChunk) return nullptr;
    if (const std::size_t left = kChunk - used_ % kChunk; size > left) used_ += left;
    const std::size_t chunk = used_ / kChunk;
    if (chunk == chunks_.size()) {
      if (fixed_) return nullptr;
      add_chunk();
    }
    void* const room = chunks_[chunk]->bytes.data() + used_ % kChunk;
    used_ += size;
    return room;
  }
  void add_chunk() {
    if (spare_.empty()) {
      chunks_.push_back(std::make_unique_for_overwrite<Chunk>());
    } else {
      chunks_.push_back(std::move(spare_.back()));
      spare_.pop_back();
    }
  }
  // The used part of each.
  template <class Visit>
  void for_each_chunk(Visit visit) const {
    for (std::size_t begin = 0; begin < used_; begin += kChunk)
      visit(chunks_[begin / kChunk]->bytes.data(), std::min(kChunk, used_ - begin));
  }
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

  // Chunks that no heap of this thread uses any more: to the system, new memory costs more than a short exploration.
  static inline thread_local std::vector<std::unique_ptr<Chunk>> spare_;

  BlockList live_;
  BlockList deferred_;
  BlockList freed_;
  std::vector<std::unique_ptr<Chunk>> chunks_;
  std::size_t used_ = 0;  // bytes of the chunks
  int held_ = 0;
  bool fixed_ = false;
};

}  // namespace tpfuzz
