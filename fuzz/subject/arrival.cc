#include "fuzz/subject/arrival.h"

#include <cstddef>

namespace tpfuzz {

constinit Arrival* tpfuzz_arrival = nullptr;

static_assert(offsetof(Arrived, registers) == 8 && offsetof(Arrived, xmm0) == 48);
static_assert(offsetof(Arrived, frame_pointer) == 64, "what is made below the frame pointer, which keeps alignment");

// An ordinary frame, with a frame pointer and with what unwinders ask for. It begins with endbr64, as it is jumped to
// through memory. All that it saves the ABI lets it destroy: nothing is put back.
asm(R"(
  .pushsection .text, "ax", @progbits
  .p2align 4
  .hidden tpfuzz_save_registers
  .globl tpfuzz_save_registers
  .type tpfuzz_save_registers, @function
tpfuzz_save_registers:
  .cfi_startproc
  endbr64
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  subq $64, %rsp
  movq %r11, 0(%rsp)
  movq %rsi, 8(%rsp)
  movq %rdx, 16(%rsp)
  movq %rcx, 24(%rsp)
  movq %r8, 32(%rsp)
  movq %r9, 40(%rsp)
  movsd %xmm0, 48(%rsp)
  movq %rsp, %rsi
  callq *tpfuzz_arrival(%rip)
  leave
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
  .size tpfuzz_save_registers, . - tpfuzz_save_registers
  .popsection
)");

}  // namespace tpfuzz
