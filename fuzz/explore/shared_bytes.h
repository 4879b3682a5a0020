// Bytes that forked processes share: one of them writes, and another reads once it is told that all is written.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>

namespace tpfuzz {

/// Memory for `size` bytes of zeros, of which those that are written take memory; nullptr if the system refuses it.
inline void* share(std::size_t size) {
  void* const memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

class SharedBytes {
 public:
  static constexpr std::size_t kRoom = std::size_t{64} << 20;

  SharedBytes() : size_(static_cast<std::size_t*>(share(kRoom))) {}
  SharedBytes(SharedBytes&& other) noexcept : size_(std::exchange(other.size_, nullptr)) {}
  SharedBytes& operator=(SharedBytes&&) = delete;
  ~SharedBytes() {
    if (size_ != nullptr) munmap(size_, kRoom);
  }

  /// Whether there is any room: nothing else is called if not.
  bool exists() const { return size_ != nullptr; }

  void clear() { *size_ = 0; }
  void cut_to(std::size_t size) { *size_ = size; }
  std::size_t size() const { return *size_; }
  std::span<const std::byte> bytes() const { return {begin(), *size_}; }

  /// Returns false if there is no room for that.
  bool put(std::span<const std::byte> bytes) {
    if (bytes.size() > kRoom - sizeof *size_ - *size_) return false;
    if (!bytes.empty()) std::memcpy(begin() + *size_, bytes.data(), bytes.size());
    *size_ += bytes.size();
    return true;
  }
  template <class T>
    requires std::is_trivially_copyable_v<T>
  bool put(const T& value) {
    return put(std::as_bytes(std::span(&value, 1)));
  }

 private:
  std::byte* begin() const { return reinterpret_cast<std::byte*>(size_ + 1); }

  std::size_t* size_;  // the bytes come after
};

}  // namespace tpfuzz
