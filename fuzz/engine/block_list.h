// A list of blocks, linked through them: the first and the last are known, any can go.
#pragma once

#include "fuzz/base/saved_bytes.h"
#include "fuzz/subject/host.h"

namespace tpfuzz {

class BlockList {
 public:
  BlockList() = default;
  BlockList(const BlockList&) = delete;
  BlockList& operator=(const BlockList&) = delete;

  bool empty() const { return end_.next == &end_; }
  Block& first() { return *end_.next; }

  /// Forgets all blocks.
  void clear() { end_.next = end_.previous = &end_; }

  void insert(Block& block) {
    block.next = end_.next;
    block.previous = &end_;
    end_.next->previous = &block;
    end_.next = &block;
  }

  /// Takes `block` out of the list that it is in.
  static void remove(Block& block) {
    block.next->previous = block.previous;
    block.previous->next = block.next;
  }

  /// Calls `visit(block)` for each, which may remove it.
  template <class Visit>
  void for_each(Visit visit) {
    for (Block* block = end_.next; block != &end_;) {
      Block* const next = block->next;
      visit(*block);
      block = next;
    }
  }

  template <class Visit>
  void for_each(Visit visit) const {
    for (const Block* block = end_.next; block != &end_; block = block->next) visit(*block);
  }

  /// Writes the ends of the list, and puts them back. The links between are the blocks' own, whoever saves those.
  void save(SavedBytes& out) const {
    out.put(end_.next);
    out.put(end_.previous);
  }
  void restore(SavedReader& in) {
    in.take_into(end_.next);
    in.take_into(end_.previous);
  }

 private:
  Block end_{&end_, &end_};
};

}  // namespace tpfuzz
