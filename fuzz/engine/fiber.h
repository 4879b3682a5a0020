// A fiber: a stack of its own on which code runs until it says `suspend`. Boost.Context switches; the sanitizers are
// told. A fiber may be abandoned in the middle of its work: `restart` makes it anew, so nothing that owns memory may
// live on its stack across a suspension.
//
// Not thread-safe: a fiber runs on the thread that resumes it.
#pragma once

#include <boost/context/detail/fcontext.hpp>
#include <cstddef>
#include <span>

#include "fuzz/subject/sanitizer.h"

namespace tpfuzz {

class Fiber;

// What a fiber runs, from its first resumption on.
extern "C" void tpfuzz_begin_fiber(Fiber* fiber);

class Fiber {
 public:
  using Entry = void (*)(void* argument);

  /// `entry` runs at the first `resume` and must never return. Aborts if there is no memory for a stack.
  Fiber(Entry entry, void* argument);
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// Runs the fiber until it suspends. From outside of all fibers.
  void resume();

  /// Goes back to who resumed the fiber. On the fiber itself.
  void suspend();

  /// Forgets what the fiber was doing: the next `resume` runs `entry` from its start.
  void restart();

  /// What a suspended fiber's stack holds: from the place where the fiber goes on to the top. `restore` puts the
  /// fiber back to where the stack held this. Not under a sanitizer, which has
  /// books of its own on stacks. From outside of all fibers.
  std::span<const std::byte> live() const;
  void restore(std::span<const std::byte> live);

  /// Zeroes the `size` bytes below the live part: what ran there before leaves nothing to a frame that does not
  /// initialise all of itself. While the fiber is suspended.
  void clear_below(std::size_t size);

  /// For ThreadSanitizer, to which resume and suspend are no synchronisation: everything before in the caller happens
  /// before what the fiber does next; everything that the fiber did happens before what the caller does next. From
  /// outside of all fibers.
  void order_after_outside();
  void order_before_outside();

 private:
  friend void tpfuzz_begin_fiber(Fiber* fiber);

  boost::context::detail::fcontext_t outside_ = nullptr;  // where its resumer goes on; the first member (fiber.cc)
  boost::context::detail::fcontext_t inside_ = nullptr;   // where the fiber goes on
  Entry entry_;
  void* argument_;
  std::byte* stack_;
  const void* outside_stack_ = nullptr;  // AddressSanitizer's: the resumer's stack
  std::size_t outside_size_ = 0;
  void* fake_inside_ = nullptr;  // AddressSanitizer's: the fake stacks of the two
  [[maybe_unused]] void* fake_outside_ = nullptr;
  [[maybe_unused]] void* tsan_inside_ = nullptr;  // ThreadSanitizer's: the fiber, and its resumer
  [[maybe_unused]] void* tsan_outside_ = nullptr;
};

// In line where no sanitizer has to be told: a return behind a switch is one that the processor did not predict.
#if !defined(TPFUZZ_ASAN) && !defined(TPFUZZ_TSAN)
inline void Fiber::resume() { inside_ = boost::context::detail::jump_fcontext(inside_, this).fctx; }
inline void Fiber::suspend() { outside_ = boost::context::detail::jump_fcontext(outside_, this).fctx; }
#endif

}  // namespace tpfuzz
