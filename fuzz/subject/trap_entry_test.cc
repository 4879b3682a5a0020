// What a reader has in its registers and below its stack pointer when it runs into an int3 is there when it goes on.
#include "fuzz/subject/trap_entry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "core/native_env.h"
#include "core/static_key.h"
#include "fuzz/execute.h"
#include "fuzz/subject/trap_handler.h"

namespace tpfuzz {
namespace {

// rax rcx rdx rbx rsi rdi r8 to r15, the flags, xmm0 to xmm15 (two words each), and the red zone (16 words).
constexpr std::size_t kWords = 14 + 1 + 32 + 16;
using Words = std::array<std::uint64_t, kWords>;

}  // namespace

extern "C" {
[[gnu::visibility("hidden")]] constinit Words tpfuzz_test_given{};
[[gnu::visibility("hidden")]] constinit Words tpfuzz_test_kept{};
[[gnu::visibility("hidden")]] void tpfuzz_test_pass();
}

[[gnu::visibility("hidden")]] constinit tp::StaticKey<tp::SharedWords> tpfuzz_test_key asm("tpfuzz_test_key");

// A site with everything live: a leaf with a red zone. The branch of the key leads where the nop goes on, too.
asm(R"(
  .pushsection .text, "ax", @progbits
  .p2align 4
  .hidden tpfuzz_test_pass
  .globl tpfuzz_test_pass
  .type tpfuzz_test_pass, @function
tpfuzz_test_pass:
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  pushq tpfuzz_test_given+112(%rip)
  popfq
  .set given, tpfuzz_test_given+376
  .set kept, tpfuzz_test_kept+376
  .irp at, 0,8,16,24,32,40,48,56,64,72,80,88,96,104,112,120
  movq given+\at(%rip), %rax
  movq %rax, -128+\at(%rsp)
  .endr
  .irp number, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
  movdqu tpfuzz_test_given+120+16*\number(%rip), %xmm\number
  .endr
  movq tpfuzz_test_given+8(%rip), %rcx
  movq tpfuzz_test_given+16(%rip), %rdx
  movq tpfuzz_test_given+24(%rip), %rbx
  movq tpfuzz_test_given+32(%rip), %rsi
  movq tpfuzz_test_given+40(%rip), %rdi
  .irp number, 8,9,10,11,12,13,14,15
  movq tpfuzz_test_given+48+8*(\number-8)(%rip), %r\number
  .endr
  movq tpfuzz_test_given+0(%rip), %rax
1: .byte 0x0f, 0x1f, 0x44, 0x00, 0x00
2:
  .pushsection tpfuzz_key_sites, "aR", @progbits
  .balign 4
  .long 1b - .
  .long 2b - .
  .long tpfuzz_test_key - .
  .popsection
  movq %rax, tpfuzz_test_kept+0(%rip)
  movq %rcx, tpfuzz_test_kept+8(%rip)
  movq %rdx, tpfuzz_test_kept+16(%rip)
  movq %rbx, tpfuzz_test_kept+24(%rip)
  movq %rsi, tpfuzz_test_kept+32(%rip)
  movq %rdi, tpfuzz_test_kept+40(%rip)
  .irp number, 8,9,10,11,12,13,14,15
  movq %r\number, tpfuzz_test_kept+48+8*(\number-8)(%rip)
  .endr
  .irp number, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
  movdqu %xmm\number, tpfuzz_test_kept+120+16*\number(%rip)
  .endr
  .irp at, 0,8,16,24,32,40,48,56,64,72,80,88,96,104,112,120
  movq -128+\at(%rsp), %rax
  movq %rax, kept+\at(%rip)
  .endr
  pushfq
  popq tpfuzz_test_kept+112(%rip)
  cld
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  ret
  .size tpfuzz_test_pass, . - tpfuzz_test_pass
  .popsection
)");

namespace {

// Of a handler: as much of a function's damage as the ABI lets it do.
int taken = 0;
[[gnu::noinline]] void destroy() {
  ++taken;
  asm volatile(
      "xorl %%eax, %%eax\n movl %%eax, %%ecx\n movl %%eax, %%edx\n movl %%eax, %%esi\n movl %%eax, %%edi\n"
      "movl %%eax, %%r8d\n movl %%eax, %%r9d\n movl %%eax, %%r10d\n movl %%eax, %%r11d\n"
      ".irp number, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n pxor %%xmm\\number, %%xmm\\number\n .endr\n"
      :
      :
      : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",
        "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "cc", "memory");
}

TEST(TrapEntry, KeepsTheRegistersTheFlagsAndTheRedZone) {
  ASSERT_EQ(prepare(), std::nullopt);
  tp::Site* const site = tpfuzz_test_key.sites;
  ASSERT_NE(site, nullptr);
  take_traps_out([] { return true; },
                 [](tp::Site& its) {
                   destroy();
                   return tp::text::answer(its);
                 });
  std::iota(tpfuzz_test_given.begin(), tpfuzz_test_given.end(), 0x1122'3344'5566'7788);
  tpfuzz_test_given[14] = 0x246 | 0x401 | 0x890;  // reserved, interrupts on; parity, zero; carry, direction; sign, ...
  for (const bool on : {false, true}) {
    const tp::Instruction before = tp::text::read(*site);
    tp::text::trap(*site, tp::branch_instruction(*site, on));
    tp::NativeEnv::patch_barrier();
    taken = 0;
    tpfuzz_test_kept = {};
    tpfuzz_test_pass();
    EXPECT_EQ(taken, 1);
    EXPECT_EQ(tpfuzz_test_kept, tpfuzz_test_given) << on;
    tp::text::write(*site, before);
    tp::NativeEnv::patch_barrier();
    tpfuzz_test_pass();
    EXPECT_EQ(taken, 1) << "there is no int3 any more";
  }
  TrapHandler::prepare();
}

}  // namespace
}  // namespace tpfuzz
