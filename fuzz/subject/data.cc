#include "fuzz/subject/data.h"

#include <algorithm>

#include "fuzz/base/check.h"
#include "fuzz/subject/sanitizer.h"

namespace tpfuzz {

void Data::make() {
  for (std::size_t number = 0; number < objects_.size(); ++number)
    for (std::size_t i = 0; i < kGenerations; ++i) {
      if (objects_[number][i]) continue;
      objects_[number][i] = std::make_unique<char>();
      addresses_[number][i] = objects_[number][i].get();
    }
}

void Data::release(int number) {
  const std::size_t current = released(number);
  TPFUZZ_CHECK(current + 1 < kGenerations);
  released_[index(number)].store(current + 1, std::memory_order_relaxed);
  if (kAddressSanitizer) objects_[index(number)][current].reset();
}

void Data::reset() {
  if (std::ranges::all_of(released_, [](const auto& released) { return released == 0; })) return;
  for (auto& released : released_) released = 0;
  make();
}

Data::Released Data::released() const {
  Released all;
  for (std::size_t number = 0; number < all.size(); ++number) all[number] = released_[number];
  return all;
}

void Data::release_exactly(const Released& wanted) {
  for (std::size_t number = 0; number < wanted.size(); ++number)
    released_[number].store(wanted[number], std::memory_order_relaxed);
}

int Data::number_of(const void* object) const {
  if (object == nullptr) return kNullData;
  for (int number = 0; number < kMaxData; ++number)
    if (current(number) == object) return number;
  for (int number = 0; number < kMaxData; ++number) {
    const auto& addresses = addresses_[index(number)];
    const auto end = addresses.begin() + static_cast<std::ptrdiff_t>(released(number));
    if (std::find(addresses.begin(), end, object) != end) return number;
  }
  return kForeignData;
}

bool Data::live(const void* object) const {
  if (object == nullptr) return true;
  for (int number = 0; number < kMaxData; ++number)
    if (current(number) == object) return true;
  return false;
}

}  // namespace tpfuzz
