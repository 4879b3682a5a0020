#include "fuzz/engine/free_heap.h"

#include <cstdlib>
#include <new>

#include "fuzz/engine/garbage.h"
#include "fuzz/engine/real_domain.h"

namespace tpfuzz {

FreeHeap::~FreeHeap() {
  clear();
  drain_domains();
}

Block* FreeHeap::allocate(std::size_t size) {
  static_assert(sizeof(Owned) == offsetof(Owned, block) + sizeof(Block), "the content follows the Block");
  void* const memory = std::malloc(offsetof(Owned, block) + size + kBehind);
  if (memory == nullptr) return nullptr;
  auto* const owned = ::new (memory) Owned;
  owned->heap = this;
  owned->block.size = size;
  fill_behind(reinterpret_cast<char*>(&owned->block) + size);
  const SpinLocked locked(lock_);
  blocks_.insert(owned->block);
  ++held_;
  return &owned->block;
}

void FreeHeap::defer_free(Block& block, const GracePeriod& grace_period) {
  const bool at_once = grace_period.cookie == 0;
  RealDomain& domain = real_domain(grace_period.domain);
  Owned& owned = owner(block);
  {
    const SpinLocked locked(lock_);
    --held_;
    if (kKeeps && owned.state != State::live) return;
    owned.state = at_once ? State::freed : State::deferred;
    if (!kKeeps) BlockList::remove(block);
  }
  if (kKeeps)
    at_once ? fill_with_garbage(block) : domain.defer(&owned.head, &after_grace_period);
  else
    at_once ? std::free(&owned) : domain.defer_free(&owned.head);
}

void FreeHeap::after_grace_period(rcu_head* head) {
  auto* const owned = reinterpret_cast<Owned*>(head);  // its first member
  bool ownerless = false;
  {
    const SpinLocked locked(owned->heap->lock_);
    ownerless = owned->state == State::ownerless;
    if (!ownerless) {
      fill_with_garbage(owned->block);
      owned->state = State::freed;
    }
  }
  if (ownerless) std::free(owned);
}

void FreeHeap::clear() {
  const SpinLocked locked(lock_);
  while (!blocks_.empty()) {
    Owned& owned = owner(blocks_.first());
    BlockList::remove(owned.block);
    if (owned.state == State::deferred)
      owned.state = State::ownerless;
    else
      std::free(&owned);
  }
  held_ = 0;
}

}  // namespace tpfuzz
