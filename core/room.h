// Room for a number of objects that is known when the room is made: in place where there are few, else on the heap. No
// exception: a room that got no memory is equal to nullptr.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

#include "core/namespace.h"

namespace tpfuzz::internal {

template <class T>
class Room {
 public:
  explicit Room(std::size_t count) : heap_(count > kInPlace ? new(std::nothrow) T[count] : nullptr) {
    data_ = count > kInPlace ? heap_.get() : in_place_;
  }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  T* get() { return data_; }
  T& operator[](std::size_t i) { return data_[i]; }
  bool operator==(std::nullptr_t) const { return data_ == nullptr; }

 private:
  static constexpr std::size_t kInPlace = 32;

  T in_place_[kInPlace]{};
  std::unique_ptr<T[]> heap_;
  T* data_;
};

}  // namespace tpfuzz::internal
