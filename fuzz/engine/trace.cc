#include "fuzz/engine/trace.h"

#include <algorithm>
#include <new>
#include <type_traits>

namespace tpfuzz {

static_assert(std::is_trivially_copyable_v<Event>);  // so malloc makes them

Event* Trace::room(std::size_t events) {
  if (capacity_ - size_ < events) {
    capacity_ = 2 * (size_ + events);
    auto* const moved = static_cast<Event*>(std::malloc(capacity_ * sizeof(Event)));
    if (moved == nullptr) throw std::bad_alloc();
    std::copy_n(events_.get(), size_, moved);
    events_.reset(moved);
  }
  return events_.get() + size_;
}

std::uint64_t Trace::hash() const {
  constexpr std::uint64_t kOffsetBasis = 0xcbf29ce484222325;
  constexpr std::uint64_t kPrime = 0x100000001b3;
  std::uint64_t hash = kOffsetBasis;
  for (const Event event : events()) hash = (hash ^ std::bit_cast<std::uint64_t>(event)) * kPrime;
  return hash;
}

}  // namespace tpfuzz
