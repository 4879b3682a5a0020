// Probe functions that no rel32 of the program reaches.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tpfuzz::internal {

/// Functions `void(void* data)` that do `++*(int*)data`, on pages of their own.
class FarFunctions {
 public:
  static constexpr std::size_t kFunctions = 500;
  static constexpr std::size_t kFirst = 64;  // UndefinedBehaviorSanitizer looks at what stands before a function

  FarFunctions() {
    constexpr std::uint8_t kCode[] = {0xff, 0x07, 0xc3};  // incl (%rdi); ret
    page_ =
        static_cast<std::uint8_t*>(mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    for (std::size_t i = 0; i < kFunctions; ++i) std::copy_n(kCode, sizeof kCode, page_ + kFirst + i * 16);
    mprotect(page_, kSize, PROT_READ | PROT_EXEC);
  }
  // Never unmapped, as the library keeps the trampolines.
  void (*at(std::size_t i) const)(void*) { return reinterpret_cast<void (*)(void*)>(address(i)); }
  std::uintptr_t address(std::size_t i) const { return reinterpret_cast<std::uintptr_t>(page_) + kFirst + i * 16; }

 private:
  static constexpr std::size_t kSize = std::size_t{3} * 4096;
  std::uint8_t* page_;
};

/// A function of any type that no rel32 of the program reaches: it jumps to `target`, and changes nothing that a caller
/// passes.
class FarJump {
 public:
  explicit FarJump(std::uintptr_t target) {
    constexpr std::uint8_t kCode[] = {0xff, 0x25, 0, 0, 0, 0};  // jmp *0(%rip)
    page_ =
        static_cast<std::uint8_t*>(mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    std::copy_n(kCode, sizeof kCode, page_ + FarFunctions::kFirst);
    std::memcpy(page_ + FarFunctions::kFirst + sizeof kCode, &target, sizeof target);
    mprotect(page_, kSize, PROT_READ | PROT_EXEC);
  }
  // Never unmapped, as above.
  std::uintptr_t address() const { return reinterpret_cast<std::uintptr_t>(page_) + FarFunctions::kFirst; }

 private:
  static constexpr std::size_t kSize = 4096;
  std::uint8_t* page_;
};

}  // namespace tpfuzz::internal
