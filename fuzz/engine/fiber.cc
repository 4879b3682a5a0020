#include "fuzz/engine/fiber.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#ifdef TPFUZZ_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef TPFUZZ_TSAN  // from the build: this file itself is not instrumented
#include <sanitizer/tsan_interface.h>
#endif

#ifdef TPFUZZ_ASAN
// Detection of use after return is slow, and off unless ASAN_OPTIONS asks for it. The quarantine of freed memory holds
// many executions; a larger one only costs page faults. The exit code is ThreadSanitizer's, as 1 is a violation's. Read
// by AddressSanitizer at its start.
extern "C" const char* __asan_default_options() {  // NOLINT
  return "detect_stack_use_after_return=0:quarantine_size_mb=1:exitcode=66";
}
#endif

#ifdef TPFUZZ_TSAN
// libFuzzer's handler of a crash allocates; a report of that would hang it. What has raced gives no verdict any more.
// Read by ThreadSanitizer at its start.
extern "C" const char* __tsan_default_options() { return "report_signal_unsafe=0:halt_on_error=1"; }  // NOLINT
#endif

namespace tpfuzz {
namespace {

// Room for a signal frame with the widest registers there are, and for instrumented code.
constexpr std::size_t kStackSize = std::size_t{256} << 10;
constexpr std::size_t kGuardSize = 4096;

// What Boost.Context makes of the top of a stack: it leaves the places of the registers that are saved over calls as
// they are, and the fiber begins with what is there.
constexpr std::size_t kFirstFrame = 512;

// Before a switch: the stack that runs next, and ThreadSanitizer's name of it, to which no edge leads;
// AddressSanitizer's fake stack of who leaves is put into `fake`. After it: the fake stack of who goes on; the stack
// that ran before.
[[maybe_unused]] void leave_for([[maybe_unused]] const void* stack, [[maybe_unused]] std::size_t size,
                                [[maybe_unused]] void* tsan, [[maybe_unused]] void*& fake) {
#ifdef TPFUZZ_ASAN
  __sanitizer_start_switch_fiber(&fake, stack, size);
#endif
#ifdef TPFUZZ_TSAN
  __tsan_switch_to_fiber(tsan, __tsan_switch_to_fiber_no_sync);
#endif
}
void arrived([[maybe_unused]] void* fake, [[maybe_unused]] const void** stack, [[maybe_unused]] std::size_t* size) {
#ifdef TPFUZZ_ASAN
  __sanitizer_finish_switch_fiber(fake, stack, size);
#endif
}

// Stacks that no fiber of this thread uses any more: whoever makes an engine a sequence would map and unmap eight of
// them each time.
class SpareStacks {
 public:
  SpareStacks() = default;
  SpareStacks(const SpareStacks&) = delete;
  SpareStacks& operator=(const SpareStacks&) = delete;
  ~SpareStacks() {
    for (std::byte* const stack : spare_) munmap(stack - kGuardSize, kStackSize + kGuardSize);
  }

  std::byte* take() {
    if (spare_.empty()) return map();
    std::byte* const stack = spare_.back();
    spare_.pop_back();
    return stack;
  }
  void give_back(std::byte* stack) { spare_.push_back(stack); }

  static SpareStacks& instance() {
    thread_local SpareStacks stacks;
    return stacks;
  }

 private:
  static std::byte* map() {
    void* memory = mmap(nullptr, kStackSize + kGuardSize, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory, kGuardSize, PROT_NONE) != 0) {
      std::perror("tpfuzz: no memory for a fiber's stack");
      std::abort();
    }
    return static_cast<std::byte*>(memory) + kGuardSize;
  }

  std::vector<std::byte*> spare_;
};

}  // namespace

// Where a fiber begins: rdi has where its resumer goes on, and rsi the fiber. The first goes into the fiber, and is
// forgotten: in a frame it would be a part of what the stack holds, which depends on nothing outside of the fiber.
extern "C" [[gnu::visibility("hidden")]] void tpfuzz_enter_fiber(boost::context::detail::transfer_t);
asm(R"(
  .pushsection .text, "ax", @progbits
  .p2align 4
  .hidden tpfuzz_enter_fiber
  .globl tpfuzz_enter_fiber
  .type tpfuzz_enter_fiber, @function
tpfuzz_enter_fiber:
  endbr64
  movq %rdi, (%rsi)
  movq %rsi, %rdi
  xorl %eax, %eax
  xorl %ecx, %ecx
  xorl %edx, %edx
  xorl %esi, %esi
  xorl %r8d, %r8d
  xorl %r9d, %r9d
  xorl %r10d, %r10d
  xorl %r11d, %r11d
  jmp tpfuzz_begin_fiber
  .size tpfuzz_enter_fiber, . - tpfuzz_enter_fiber
  .popsection
)");

Fiber::Fiber(Entry entry, void* argument) : entry_(entry), argument_(argument), stack_(SpareStacks::instance().take()) {
  restart();
}

Fiber::~Fiber() {
#ifdef TPFUZZ_TSAN
  __tsan_destroy_fiber(tsan_inside_);
#endif
  SpareStacks::instance().give_back(stack_);
}

#ifdef TPFUZZ_TSAN
void Fiber::order_after_outside() {
  void* const outside = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(tsan_inside_, 0);
  __tsan_switch_to_fiber(outside, __tsan_switch_to_fiber_no_sync);
}
void Fiber::order_before_outside() {
  void* const outside = __tsan_get_current_fiber();
  __tsan_switch_to_fiber(tsan_inside_, __tsan_switch_to_fiber_no_sync);
  __tsan_switch_to_fiber(outside, 0);
}
#else
void Fiber::order_after_outside() {}
void Fiber::order_before_outside() {}
#endif

void Fiber::restart() {
#ifdef TPFUZZ_ASAN
  __asan_unpoison_memory_region(stack_, kStackSize);  // of the frames that were abandoned
#endif
#ifdef TPFUZZ_TSAN
  if (tsan_inside_ != nullptr) __tsan_destroy_fiber(tsan_inside_);  // with the calls that never returned
  tsan_inside_ = __tsan_create_fiber(0);
#endif
  std::memset(stack_ + kStackSize - kFirstFrame, 0, kFirstFrame);
  inside_ = boost::context::detail::make_fcontext(stack_ + kStackSize, kStackSize, &tpfuzz_enter_fiber);
}

std::span<const std::byte> Fiber::live() const {
  const auto* const bottom = static_cast<const std::byte*>(inside_);
  return {bottom, stack_ + kStackSize};
}

void Fiber::restore(std::span<const std::byte> live) {
  std::byte* const bottom = stack_ + kStackSize - live.size();
  std::memcpy(bottom, live.data(), live.size());
  inside_ = bottom;
}

void Fiber::clear_below(std::size_t size) {
  auto* const bottom = static_cast<std::byte*>(inside_);
  const auto room = static_cast<std::size_t>(bottom - stack_);
  std::memset(bottom - std::min(size, room), 0, std::min(size, room));
}

[[gnu::used]] void tpfuzz_begin_fiber(Fiber* fiber) {
  static_assert(offsetof(Fiber, outside_) == 0);
  // After a restart the fake stack is the old one; its abandoned frames are given back when the next frame needs one.
  arrived(fiber->fake_inside_, &fiber->outside_stack_, &fiber->outside_size_);
#ifdef TPFUZZ_ASAN
  __asan_handle_no_return();
#endif
  fiber->entry_(fiber->argument_);
  std::abort();  // entry_ never returns
}

#if defined(TPFUZZ_ASAN) || defined(TPFUZZ_TSAN)
void Fiber::resume() {
#ifdef TPFUZZ_TSAN
  tsan_outside_ = __tsan_get_current_fiber();
#endif
  leave_for(stack_, kStackSize, tsan_inside_, fake_outside_);
  inside_ = boost::context::detail::jump_fcontext(inside_, this).fctx;
  arrived(fake_outside_, nullptr, nullptr);
}

void Fiber::suspend() {
  leave_for(outside_stack_, outside_size_, tsan_outside_, fake_inside_);
  const auto transfer = boost::context::detail::jump_fcontext(outside_, this);
  arrived(fake_inside_, &outside_stack_, &outside_size_);
  outside_ = transfer.fctx;
}
#endif

}  // namespace tpfuzz
