// What a hit of the tracepoint with arguments (sequence.h) passes. The other tracepoints are `void()`.
//
// The values depend on who hits alone: the CPU and the operation. So the arguments of another hit are wrong ones, and
// no value is an address or 0. A probe's function gets them where the ABI of x86-64 puts them:
//
//   0 1 2   numbers                  rsi rdx rcx
//   3       a Token, an object       r8 has its address, as a Token is no trivial copy
//   4       a number                 r9
//   5       a floating point number  xmm0
//   6       a number                 the stack
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "core/tracepoint.h"
#include "fuzz/subject/host.h"

namespace tpfuzz {

/// An object: who moves it leaves an empty one behind.
class Token {
 public:
  explicit Token(std::uint64_t value) : value_(value) {}
  Token(const Token&) = default;
  Token(Token&& other) noexcept : value_(std::exchange(other.value_, 0)) {}
  Token& operator=(const Token&) = delete;
  Token& operator=(Token&&) = delete;
  ~Token() = default;

  std::uint64_t value() const { return value_; }  ///< 0 of an empty one

 private:
  std::uint64_t value_;
};

using WithArguments = void(std::uint64_t, std::uint64_t, std::uint64_t, Token, std::uint64_t, double, std::uint64_t);
inline constexpr int kArguments = 7;
inline constexpr int kTokenArgument = 3;
using ArgumentValues = std::array<std::uint64_t, kArguments>;  ///< a floating point number as its bits

/// What `hit` passes. An odd factor gives different numbers different values, in the upper halves, too.
constexpr ArgumentValues arguments_of(const CurrentHit& hit) {
  ArgumentValues values{};
  auto number = static_cast<std::uint64_t>(hit.operation * kMaxCpus + hit.cpu) * kArguments;
  for (std::uint64_t& value : values) value = 0x9e37'79b9'7f4a'7c15 * ++number;
  return values;
}

/// Calls `call` with what the current hit passes to a tracepoint whose probes are `Func`s: with nothing, or with the
/// arguments. Inlined, and `call` has to be: a call site is patched where its function stands.
template <class Func, class Call>
[[gnu::always_inline]] inline void with_arguments(Call call) {
  if constexpr (std::is_same_v<Func, tp::ProbeFunction<void()>>) {
    call();
  } else {
    static_assert(std::is_same_v<Func, tp::ProbeFunction<WithArguments>>);
    const ArgumentValues values = arguments_of(host().hit());
    call(values[0], values[1], values[2], Token(values[kTokenArgument]), values[4], std::bit_cast<double>(values[5]),
         values[6]);
  }
}

}  // namespace tpfuzz
