// The subject's memory during a free run, in which real grace periods decide when a block goes. Thread-safe; to
// ThreadSanitizer its lock is no synchronisation.
//
// Under a sanitizer a block is really freed. In other builds it is filled with garbage instead (garbage.h) and kept
// until `clear`: then a subject that uses a block after its time, or frees one twice, can't damage malloc's memory,
// which is the engine's, too.
#pragma once

#include <urcu/urcu-memb.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "fuzz/engine/block_list.h"
#include "fuzz/subject/sanitizer.h"
#include "fuzz/subject/spin_lock.h"

namespace tpfuzz {

class FreeHeap {
 public:
  FreeHeap() = default;
  FreeHeap(const FreeHeap&) = delete;
  FreeHeap& operator=(const FreeHeap&) = delete;
  ~FreeHeap();

  /// A block of `size` bytes, a Block in front; `size` is at least a Block's. nullptr if the system has none.
  Block* allocate(std::size_t size);

  /// Frees `block` at once if all of `grace_periods` have passed since their cookies were taken; else after one more of
  /// each of the others, one after the other. A block that is freed already stays as it is; `held` counts both.
  void defer_free(Block& block, std::span<const GracePeriod> grace_periods);

  /// How many blocks are neither freed nor deferred.
  int held() const { return held_; }

  /// Gives all memory back; what waits for a grace period, after that. No CPU may use a block any more.
  void clear();

 private:
  static constexpr bool kKeeps = !kAddressSanitizer && !kThreadSanitizer;

  enum class State : std::uint8_t { live, deferred, freed, ownerless };  // ownerless: deferred in a run that is over

  // What malloc returns. The Block comes last, its content after it.
  struct Owned {
    rcu_head head{};
    FreeHeap* heap = nullptr;
    State state = State::live;
    Block block{};
  };

  static Owned& owner(Block& block) {
    return *reinterpret_cast<Owned*>(reinterpret_cast<std::byte*>(&block) - offsetof(Owned, block));
  }
  static void after_grace_period(rcu_head* head);
  static void after_first_of_two(rcu_head* head);

  SpinLock lock_;
  BlockList blocks_;
  int held_ = 0;
};

}  // namespace tpfuzz
