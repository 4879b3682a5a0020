#include "fuzz/subject/trap_entry.h"

#include <signal.h>
#include <ucontext.h>

#include <cstdio>
#include <cstdlib>

namespace tpfuzz {

extern "C" [[gnu::visibility("hidden")]] void tpfuzz_trap_entry();

namespace {

constinit bool (*are_taken_out)() = nullptr;
constinit TrapAnswer* answers = nullptr;
constinit struct sigaction previous = {};
constinit thread_local std::uintptr_t trapped_at = 0;  // read before this thread can trap again

// The stack below the CPU's own may hold the frame of this signal: the address of the site goes by another way.
#if defined(__clang__)
__attribute__((no_sanitize("address", "thread", "undefined")))
#endif
void on_trap(int signal, siginfo_t* info, void* context) {
  auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const auto address = static_cast<std::uintptr_t>(registers[REG_RIP]) - 1;  // the int3 has been executed
  if (!are_taken_out() || tp::text::site_at(address) == nullptr) return previous.sa_sigaction(signal, info, context);
  trapped_at = address;
  registers[REG_RIP] = static_cast<greg_t>(reinterpret_cast<std::uintptr_t>(&tpfuzz_trap_entry));
}

}  // namespace

// Returns whether the CPU makes a call: then `pushed` is on its stack. No sanitizer knows that frame, nor that a
// thread's variables are its own whatever fiber runs on it.
#if defined(__clang__)
__attribute__((no_sanitize("address", "thread", "undefined")))
#endif
extern "C" [[gnu::visibility("hidden"), gnu::used]] bool
tpfuzz_answer_trap(Trapped& trapped) {
  trapped.next = trapped_at;  // for unwinders, too
  const tp::Answer answer = answers(*tp::text::site_at(trapped.next));
  trapped.next = answer.next;
  if (answer.pushed != 0) trapped.pushed = answer.pushed;
  return answer.pushed != 0;
}

static_assert(offsetof(Trapped, pushed) == Trapped::kRedZone && sizeof(Trapped) == Trapped::kRedZone + 8);

// The CPU comes here in place of the instruction at the site. It makes a frame below the red zone, with a frame pointer
// and unwinding information: what it was called by is the site. It keeps the flags, the registers that C++ may change,
// and the state of x87 and SSE: all that is live in code for a plain x86-64, which has no AVX. `ret` with a number
// takes `next` off the stack, and with it the red zone, or all but the pushed word: no register is needed to go there.
asm(R"(
  .pushsection .text, "ax", @progbits
  .p2align 4
  .hidden tpfuzz_trap_entry
  .globl tpfuzz_trap_entry
  .type tpfuzz_trap_entry, @function
tpfuzz_trap_entry:
  .cfi_startproc
  .cfi_signal_frame
  .cfi_def_cfa %rsp, 0
  leaq -136(%rsp), %rsp
  .cfi_def_cfa_offset 136
  .cfi_offset %rip, -136
  pushq %rbp
  .cfi_def_cfa_offset 144
  .cfi_offset %rbp, -144
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  pushfq
  cld
  pushq %rax
  pushq %rcx
  pushq %rdx
  pushq %rsi
  pushq %rdi
  pushq %r8
  pushq %r9
  pushq %r10
  pushq %r11
  subq $520, %rsp
  andq $-16, %rsp
  fxsave64 (%rsp)
  leaq 8(%rbp), %rdi
  callq tpfuzz_answer_trap
  fxrstor64 (%rsp)
  leaq -80(%rbp), %rsp
  testb %al, %al
  popq %r11
  popq %r10
  popq %r9
  popq %r8
  popq %rdi
  popq %rsi
  popq %rdx
  popq %rcx
  popq %rax
  jnz 1f
  popfq
  popq %rbp
  .cfi_remember_state
  .cfi_def_cfa %rsp, 136
  .cfi_restore %rbp
  ret $128
1:
  .cfi_restore_state
  popfq
  popq %rbp
  .cfi_def_cfa %rsp, 136
  .cfi_restore %rbp
  ret $120
  .cfi_endproc
  .size tpfuzz_trap_entry, . - tpfuzz_trap_entry
  .popsection
)");

void take_traps_out(bool (*taken_out)(), TrapAnswer* answer) {
  are_taken_out = taken_out;
  answers = answer;
  if (previous.sa_sigaction != nullptr) return;
  struct sigaction action = {};
  action.sa_sigaction = on_trap;
  action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  if (sigaction(SIGTRAP, &action, &previous) == 0) return;
  std::perror("tpfuzz: sigaction");
  std::abort();
}

}  // namespace tpfuzz
