#include "fuzz/engine/trace.h"

#include <algorithm>

namespace tpfuzz {

Event* Trace::room(std::size_t events) {
  if (capacity_ - size_ < events) {
    capacity_ = 2 * (size_ + events);
    auto moved = std::make_unique_for_overwrite<Event[]>(capacity_);
    std::copy_n(events_.get(), size_, moved.get());
    events_ = std::move(moved);
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
