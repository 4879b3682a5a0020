// The data of the probes: objects on the heap, so that one can be taken away. AddressSanitizer sees a touch of a
// released one; elsewhere its memory is kept until `reset`, so that no address is used twice in between.
//
// Not thread-safe.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

class Data {
 public:
  Data();

  /// The current object of data `number`: one byte.
  void* current(int number) const { return objects_[static_cast<std::size_t>(number)].get(); }

  /// Frees the current object; a new one becomes current.
  void release(int number);

  /// Forgets what was released.
  void reset() { released_.clear(); }

  /// The number of the data that `object` is or was an object of; kMaxData if it is none of ours.
  int number_of(const void* object) const;

  /// Whether `object` is current.
  bool live(const void* object) const;

 private:
  struct Released {
    const void* address;
    int number;
    std::unique_ptr<char> memory;  // none under AddressSanitizer
  };

  std::array<std::unique_ptr<char>, kMaxData> objects_;
  std::vector<Released> released_;
};

}  // namespace tpfuzz
