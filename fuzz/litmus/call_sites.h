// The patched text of the litmus tests: static calls (core/static_call.h) with 64 callers each, one an instance.
//
// A caller is a few instructions of assembly: the call, and a load of the instance's word in front of it or behind it.
// A call goes to pad `a` or to pad `b`. Their displacements differ in two bytes, and each mixture of the two is a pad
// as well, at every caller: a torn call is a defined instruction stream, and is counted.
//
//   pad       a       low byte of b   high byte of b   b
//   at        0       0x10            0x100            0x110
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "core/static_call.h"

namespace tpfuzz::litmus {

inline constexpr int kInstances = 64;

using Word = std::atomic<std::uint32_t>;

enum class Pad : std::uint8_t { a, low, high, b };
inline constexpr int kPads = 4;

/// The address of `pad`.
std::uintptr_t address_of(Pad pad);

/// What a caller has met.
struct Pass {
  std::uint64_t pad;   ///< the Pad that its call went to
  std::uint64_t word;  ///< what it loaded
};

/// One static call and its callers.
class CallSites {
 public:
  struct Layout {
    tp::StaticCall<tp::SharedWords>& call;
    void (*first)();      // the first caller
    std::uintptr_t size;  // from one caller to the next
    std::uintptr_t site;  // from a caller to its call
  };
  explicit CallSites(const Layout& layout);

  Pass pass(int instance, const Word& word) const { return callers_[index(instance)](&word); }
  tp::Site& site(int instance) const { return *sites_[index(instance)]; }
  tp::StaticCall<tp::SharedWords>& call() const { return *call_; }

  /// The pad that the call goes to, `a` or `b`, and the other one.
  Pad target() const;
  Pad other() const { return target() == Pad::a ? Pad::b : Pad::a; }

 private:
  static std::size_t index(int instance) { return static_cast<std::size_t>(instance); }

  tp::StaticCall<tp::SharedWords>* call_;
  std::array<Pass (*)(const Word*), kInstances> callers_;
  std::array<tp::Site*, kInstances> sites_;
};

/// Load, then call; the call lies in one cache line. These are valid once tp::prepare_sites has succeeded.
const CallSites& load_call();
/// Call, then load.
const CallSites& call_load();
/// Load, then call; the two bytes of the displacement that change lie in two cache lines.
const CallSites& load_call_crossing();

}  // namespace tpfuzz::litmus
