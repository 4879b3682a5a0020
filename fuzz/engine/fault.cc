#include "fuzz/engine/fault.h"

#include <signal.h>
#include <ucontext.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace tpfuzz {
namespace {

constexpr std::array kSignals = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};

FaultCatcher* catcher = nullptr;
std::array<struct sigaction, kSignals.size()> previous;

constinit thread_local int faulted = 0;  // the signal that this thread lands for

void pass_on(int signal, siginfo_t* info, void* context) {
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    if (kSignals[i] != signal) continue;
    const struct sigaction& before = previous[i];
    if ((before.sa_flags & SA_SIGINFO) != 0 && before.sa_sigaction != nullptr)
      return before.sa_sigaction(signal, info, context);
    sigaction(signal, &before, nullptr);   // the faulting code runs again, into the previous disposition
    if (signal == SIGTRAP) raise(signal);  // a trap does not
  }
}

void on_fault(int signal, siginfo_t* info, void* context) {
  if (catcher == nullptr || !catcher->in_subject()) return pass_on(signal, info, context);
  faulted = signal;
  land(context, [] { catcher->fault(faulted); });
}

void install(std::size_t index) {
  struct sigaction action = {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  if (sigaction(kSignals[index], &action, &previous[index]) == 0) return;
  std::perror("tpfuzz: sigaction");
  std::abort();
}

template <class Predicate>
bool install_all(Predicate wanted) {
  for (std::size_t i = 0; i < kSignals.size(); ++i)
    if (wanted(kSignals[i])) install(i);
  return true;
}

// Handlers of this thread, which is the one that executes, run on a stack of their own: on that of a fiber a signal's
// frame would leave the processor's state behind, of which not all is the same on every run. AddressSanitizer has such
// a stack already.
void move_handlers() {
  stack_t now = {};
  if (sigaltstack(nullptr, &now) != 0 || (now.ss_flags & SS_DISABLE) == 0) return;
  constexpr std::size_t kSize = std::size_t{64} << 10;
  alignas(64) static std::byte memory[kSize];
  stack_t stack = {};
  stack.ss_sp = memory;
  stack.ss_size = kSize;
  if (sigaltstack(&stack, nullptr) == 0) return;
  std::perror("tpfuzz: sigaltstack");
  std::abort();
}

}  // namespace

// Below the red zone of what was interrupted, and aligned as at a function's entry.
void land(void* context, void (*landing)()) {
  auto& registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const auto stack = static_cast<std::uintptr_t>(registers[REG_RSP]);
  registers[REG_RSP] = static_cast<greg_t>(((stack - 256) & ~std::uintptr_t{15}) - 8);
  registers[REG_RIP] = static_cast<greg_t>(reinterpret_cast<std::uintptr_t>(landing));
}

FaultCatcher* current_catcher() { return catcher; }

void catch_faults(FaultCatcher* new_catcher) {
  [[maybe_unused]] static const bool installed = install_all([](int signal) { return signal != SIGTRAP; });
  catcher = new_catcher;
}

void catch_traps() {
  move_handlers();
  [[maybe_unused]] static const bool installed = install_all([](int signal) { return signal == SIGTRAP; });
}

}  // namespace tpfuzz
