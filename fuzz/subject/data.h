// The data of the probes: objects on the heap, so that one can be taken away. AddressSanitizer sees a touch of a
// released one; elsewhere its memory is kept. The next object of the same number stands elsewhere; no address is used
// twice between two `reset`s. All are made before an execution, so that no CPU of it made them.
//
// Readers may look while one writer releases; no other two at a time.
#pragma once

#include <array>
#include <atomic>
#include <memory>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

class Data {
 public:
  Data() { make(); }

  /// The current object of data `number`: one byte; of kNullData nullptr.
  void* current(int number) const {
    if (number == kNullData) return nullptr;
    return addresses_[index(number)][released(number)];
  }

  /// Frees the current object; the next one becomes current.
  void release(int number);

  /// Makes objects for those that were released.
  void reset();

  /// How many objects of each number are freed; and makes it so many. Not under AddressSanitizer, which does not take
  /// back what is freed.
  using Released = std::array<std::size_t, kMaxData>;
  Released released() const;
  void release_exactly(const Released& wanted);

  /// The number of the data that `object` is or was an object of; kNullData for nullptr, kForeignData if it is
  /// none of ours.
  int number_of(const void* object) const;

  /// Whether `object` is current; NULL always is.
  bool live(const void* object) const;

 private:
  // As with functions (functions.h).
  static constexpr std::size_t kGenerations = kMaxOperations / 2;
  template <class T>
  using Table = std::array<std::array<T, kGenerations>, kMaxData>;

  static std::size_t index(int number) { return static_cast<std::size_t>(number); }
  // Relaxed: who has an object has it from a published array, behind the release of the one before.
  std::size_t released(int number) const { return released_[index(number)].load(std::memory_order_relaxed); }
  void make();

  Table<std::unique_ptr<char>> objects_;
  Table<void*> addresses_{};                                   // of those that are freed, too
  std::array<std::atomic<std::size_t>, kMaxData> released_{};  // how many of each
};

}  // namespace tpfuzz
