#include "fuzz/subject/data.h"

#include <algorithm>

#include "fuzz/subject/asan.h"

namespace tpfuzz {

Data::Data() {
  for (auto& object : objects_) object = std::make_unique<char>();
}

void Data::release(int number) {
  auto& object = objects_[static_cast<std::size_t>(number)];
  const void* const address = object.get();
  auto next = std::make_unique<char>();  // made before the old one goes, so that it stands elsewhere
  std::swap(object, next);
  if (kAddressSanitizer) next.reset();
  released_.push_back({address, number, std::move(next)});
}

int Data::number_of(const void* object) const {
  for (int number = 0; number < kMaxData; ++number)
    if (current(number) == object) return number;
  const auto released = std::ranges::find(released_, object, &Released::address);
  return released != released_.end() ? released->number : kMaxData;
}

bool Data::live(const void* object) const {
  return std::ranges::any_of(objects_, [object](const auto& its) { return its.get() == object; });
}

}  // namespace tpfuzz
