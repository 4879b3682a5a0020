// The bytes of a saved state: values one after the other, read in the order in which they were written.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "fuzz/base/check.h"

namespace tpfuzz {

class SavedBytes {
 public:
  void clear() { bytes_.clear(); }

  void put(std::span<const std::byte> bytes) { bytes_.insert(bytes_.end(), bytes.begin(), bytes.end()); }
  template <class T>
    requires std::is_trivially_copyable_v<T>
  void put(const T& value) {
    put(std::as_bytes(std::span(&value, 1)));
  }

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
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

 private:
  std::span<const std::byte> rest_;
};

}  // namespace tpfuzz
