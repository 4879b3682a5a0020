// A core-serialising instruction: what was decoded before may not be executed after it.
#pragma once

#include <cstdint>

namespace tpfuzz {

/// Whether the processor has an instruction for it.
inline const bool kHasSerialize = __builtin_cpu_supports("serialize");

/// Serialises the core: by `serialize`, 30 ns, or by `iretq` to the next instruction, 90 ns, where `cpuid` leaves a
/// virtual machine and costs microseconds. Intel SDM volume 3, "Serializing Instructions"; the frame that iretq pops is
/// ss:rsp, rflags, cs:rip. The first 128 bytes below rsp are the compiler's (the ABI's red zone) and stay untouched.
inline void serialize_core() {
  if (kHasSerialize) {
    asm volatile("serialize" ::: "memory");
    return;
  }
  std::uintptr_t stack;
  std::uintptr_t scratch;
  asm volatile(
      "movq %%rsp, %[stack]\n"
      "leaq -128(%%rsp), %%rsp\n"
      "movl %%ss, %k[scratch]\n"
      "pushq %[scratch]\n"
      "pushq %[stack]\n"
      "pushfq\n"
      "movl %%cs, %k[scratch]\n"
      "pushq %[scratch]\n"
      "leaq 1f(%%rip), %[scratch]\n"
      "pushq %[scratch]\n"
      "iretq\n"
      "1:\n"
      : [stack] "=&r"(stack), [scratch] "=&r"(scratch)
      :
      : "memory", "cc");
}

}  // namespace tpfuzz
