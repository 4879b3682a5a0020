#include "fuzz/engine/free_heap.h"

#include <boost/container/static_vector.hpp>
#include <cstdlib>
#include <new>

#include "core/rcu.h"
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

void FreeHeap::defer_free(Block& block, std::span<const GracePeriod> grace_periods) {
  boost::container::static_vector<GracePeriod, tp::kDomains> left;
  for (const GracePeriod& its : grace_periods)
    if (!real_domain(its.domain).poll(its.cookie)) left.push_back(its);
  Owned& owned = owner(block);
  {
    const SpinLocked locked(lock_);
    --held_;
    if (kKeeps && owned.state != State::live) return;
    owned.state = left.empty() ? State::freed : State::deferred;
    block.await({left.data(), left.size()});
    if (!kKeeps) BlockList::remove(block);
  }
  if (left.empty()) return kKeeps ? fill_with_garbage(block) : std::free(&owned);
  RealDomain& first = real_domain(left.front().domain);
  if (kKeeps) return first.defer(&owned.head, left.size() > 1 ? &after_first_of_two : &after_grace_period);
  left.size() > 1 ? tp::rcu::defer_free(&owned.head, tp::kEveryDomain) : first.defer_free(&owned.head);
}

void FreeHeap::after_first_of_two(rcu_head* head) {
  static_assert(std::tuple_size_v<decltype(Block::grace_periods)> == 2);
  const Owned& owned = *reinterpret_cast<Owned*>(head);  // its first member
  real_domain(owned.block.awaited().back().domain).defer(head, &after_grace_period);
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
