// Memory mapped twice: read + execute at one address, read + write at another. No page is ever writable and
// executable, and a write needs no change of protection.
//
// Both are shared mappings of one memfd. After fork the child would therefore patch its parent. So the parent takes a
// copy before the fork, when nobody patches (the child could only copy while the parent goes on patching), and the
// child maps that at the same two addresses.
//
// Not thread-safe: its owner (text.cc) holds a lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/namespace.h"

namespace tpfuzz::internal {

class DualMapping {
 public:
  /// Replaces the pages [code, code + size) of running code by a mapping with the same contents. Both are multiples
  /// of the page size. Returns nothing, or one line that says what the system refused.
  std::optional<std::string> replace(std::uintptr_t code, std::size_t size);

  /// Maps `size` new bytes of zeros within a rel32's reach of `near`. Returns nothing, or what was refused.
  std::optional<std::string> allocate_near(std::uintptr_t near, std::size_t size);

  /// Before a fork: takes a copy of the contents. Then, in the parent, `drop_copy`; in the child, `map_copy`, which
  /// returns false if the copy could not be taken or mapped.
  void take_copy();
  void drop_copy();
  bool map_copy();

  bool holds(std::uintptr_t address) const { return address - code_ < size_; }
  std::uintptr_t code() const { return code_; }
  std::size_t size() const { return size_; }

  /// The writable view of `address`, which the mapping must hold.
  std::uint8_t* writable(std::uintptr_t address) const { return alias_ + (address - code_); }

 private:
  std::uintptr_t code_ = 0;
  std::uint8_t* alias_ = nullptr;
  std::size_t size_ = 0;
  int copy_ = -1;  // a memfd, from take_copy on
};

}  // namespace tpfuzz::internal
