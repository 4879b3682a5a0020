// The bytes of a saved state: values one after the other, read in the order in which they were written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "fuzz/base/check.h"

namespace tpfuzz {

/// Keeps its room when it is cleared, so that one can be used for many states.
class SavedBytes {
 public:
  void clear() { size_ = 0; }

  void put(std::span<const std::byte> bytes) {
    if (bytes.empty()) return;
    std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
  }
  template <class T>
    requires std::is_trivially_copyable_v<T>
  void put(const T& value) {
    std::memcpy(room(sizeof value), &value, sizeof value);
  }
  /// The elements of a container, which are values, and how many they are.
  template <class Container>
  void put_all(const Container& container) {
    put(static_cast<std::uint32_t>(container.size()));
    put(std::as_bytes(std::span(container.data(), container.size())));
  }

  std::span<const std::byte> bytes() const { return {bytes_.data(), size_}; }

 private:
  std::byte* room(std::size_t size) {
    if (bytes_.size() - size_ < size) bytes_.resize(2 * (size_ + size));
    std::byte* const place = bytes_.data() + size_;
    size_ += size;
    return place;
  }

  std::vector<std::byte> bytes_;
  std::size_t size_ = 0;
};

class SavedReader {
 public:
  explicit SavedReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  std::span<const std::byte> take(std::size_t size) {
    TPFUZZ_CHECK(size <= rest_.size());
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  template <class T>
    requires std::is_trivially_copyable_v<T>
  T take() {
    T value;
    take_into(value);
    return value;
  }
  template <class T>
    requires std::is_trivially_copyable_v<T>
  void take_into(T& value) {
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
  }

  template <class Container>
  void take_all_into(Container& container) {
    container.resize(take<std::uint32_t>());
    const auto into = std::as_writable_bytes(std::span(container.data(), container.size()));
    std::memcpy(into.data(), take(into.size()).data(), into.size());
  }

 private:
  std::span<const std::byte> rest_;
};

}  // namespace tpfuzz
