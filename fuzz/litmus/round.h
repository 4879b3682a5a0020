// One round of a litmus test: 64 instances of its two programs, on two cores at once.
//
//   1. The two threads meet, and serialise their cores: what was patched before is what they run.
//   2. Each passes all instances, in an order that the two share, with delays of its own. Where each
//      instance is patched by itself they meet before each; static_call_update is one update for all instances, and
//      the other thread walks through them meanwhile.
//   3. They meet again, and the states are counted.
//
// A word is `past` before the round and `now` once it was written; a call's old target and its new one change places
// with each round. So nothing is reset in between.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "fuzz/litmus/call_sites.h"
#include "fuzz/sequence/random.h"

namespace tpfuzz::litmus {

/// What a program may see: a word's values, or where a call went.
enum class Value : std::uint8_t { past, now, torn };
inline constexpr int kValues = 3;

inline constexpr int kRegisters = 2;

/// What the two threads share.
struct Round {
  struct alignas(128) Cell {  // two lines: processors fetch them in pairs
    Word word{0};
  };
  std::array<Cell, kInstances> x;
  std::array<Cell, kInstances> y;
  std::uint32_t past = 0;
  std::uint32_t now = 1;
  Pad from = Pad::a;  // where the calls go before the round
  Pad to = Pad::b;

  /// What each register of each instance has seen; a register belongs to one of the threads.
  struct alignas(128) Seen {
    std::array<Value, kInstances> values;
  };
  std::array<Seen, kRegisters> seen;

  Value of_word(std::uint64_t word) const { return word == now ? Value::now : Value::past; }
  Value of_call(std::uint64_t pad) const {
    if (pad == static_cast<std::uint64_t>(to)) return Value::now;
    return pad == static_cast<std::uint64_t>(from) ? Value::past : Value::torn;
  }
};

/// Where two threads wait for each other, spinning: one that sleeps would come too late for the other's program.
class Meeting {
 public:
  /// Returns when the other thread has come as often as thread `self`. What either wrote before it, both see behind it.
  void come(std::size_t self) {
    const std::uint64_t times = arrivals_[self].count.load(std::memory_order_relaxed) + 1;
    arrivals_[self].count.store(times, std::memory_order_release);
    while (arrivals_[1 - self].count.load(std::memory_order_acquire) < times) __builtin_ia32_pause();
  }

 private:
  struct alignas(128) Arrivals {
    std::atomic<std::uint64_t> count{0};
  };
  std::array<Arrivals, 2> arrivals_;
};

/// How the two threads go through a round.
struct Pace {
  bool in_step;       ///< they meet before each instance
  int longest_delay;  ///< each delay is below 2^this spins
};

/// A thread's way through the instances of a round.
class Walk {
 public:
  Walk(Meeting& meeting, std::size_t self, const Pace& pace, std::uint64_t order, Random& random)
      : meeting_(meeting),
        self_(self),
        in_step_(pace.in_step),
        order_(order),
        random_(random),
        mask_((std::uint64_t{1} << random.below(pace.longest_delay + 1)) - 1) {}

  /// Calls `visit(instance)` for each instance, after a random delay; delays are of one scale within a round.
  template <class Visit>
  void each(Visit visit) const {
    for (std::uint64_t k = 0; k < kInstances; ++k) {
      if (in_step_) meeting_.come(self_);
      spin(random_.next() & mask_);
      visit(static_cast<std::size_t>((k * (order_ | 1) + (order_ >> 32)) % kInstances));
    }
  }

  /// As long as a walk may take, at most.
  void delay() const { spin((random_.next() & mask_) * kInstances); }

 private:
  static void spin(std::uint64_t times) {
    for (; times > 0; --times) asm volatile("");
  }

  Meeting& meeting_;
  std::size_t self_;
  bool in_step_;
  std::uint64_t order_;
  Random& random_;
  std::uint64_t mask_;
};

using Program = void (*)(Round& round, const Walk& walk);

}  // namespace tpfuzz::litmus
