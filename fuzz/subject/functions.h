// The functions of the probes: entries of a few instructions, made at run time in patchable text, so that one can be
// taken away. A retired function's entry is overwritten with int3: a late call dies there, as it would in a kernel
// whose module is gone. The next entry of the same number stands elsewhere; no address is used twice between two
// `reset`s.
//
// Functions 1 and 2 lie out of a rel32's reach of the program's text: a static call goes to them through a near
// trampoline (core/text.h).
//
// Readers may look while one writer retires; no other two at a time. One at a time in a process.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

#include "core/dual_mapping.h"
#include "core/static_call.h"
#include "core/text.h"
#include "fuzz/base/error.h"
#include "fuzz/sequence/sequence.h"
#include "fuzz/subject/arrival.h"

namespace tpfuzz {

class Functions {
 public:
  /// Writes the entries; each goes on to `arrival`. Returns nothing, or what the system refused.
  /// Once, before anything else.
  std::optional<Error> prepare(Arrival* arrival);

  /// Makes the near trampolines to all entries, for the sites that were mapped together with `site`; nullptr: for the
  /// program's, which `prepare` has done. So each stands at the same place whatever is called first, and in a process
  /// that is forked later.
  void make_trampolines(const tp::Site* site) const;

  /// The current entry of function `number`.
  tp::Function current(int number) const { return reinterpret_cast<tp::Function>(address(current_entry(number))); }

  /// Overwrites the current entry; the next one becomes current.
  void retire(int number);

  /// Makes all entries whole again. Returns whether it wrote any.
  bool reset() { return retire_exactly({}); }

  /// How many entries of each number are overwritten; and makes it so many. The second returns whether it wrote any.
  /// Nobody runs them.
  using Retired = std::array<unsigned, kMaxFunctions>;
  Retired retired() const;
  bool retire_exactly(const Retired& wanted);

  /// The number of the function that `function` is or was an entry of; nothing if it is none of ours.
  std::optional<int> number_of(std::uintptr_t function) const;

  /// How many bytes an entry's first instruction has.
  static constexpr std::size_t kFirstInstruction = 6;

  /// Whether function `number` lies out of reach.
  static constexpr bool is_far(int number) { return number == 1 || number == 2; }

  /// Of an arrival: the number of its function, and whether it is not retired.
  static int number_of_entry(std::uint64_t entry) { return static_cast<int>(entry % kMaxFunctions); }
  bool live(std::uint64_t entry) const { return entry == current_entry(number_of_entry(entry)); }

 private:
  // An execution has fewer `sync`s than operations, and a function can go once a registration and a sync.
  static constexpr unsigned kGenerations = kMaxOperations / 2;
  static constexpr unsigned kEntries = kGenerations * kMaxFunctions;
  static constexpr std::size_t kEntrySize = 32;
  static constexpr std::size_t kTextSize = 2 * kEntries * kEntrySize;

  unsigned current_entry(int number) const {
    const unsigned retired =
        retired_[static_cast<std::size_t>(number)].load(std::memory_order_relaxed);  // as with data
    return retired * kMaxFunctions + static_cast<unsigned>(number);
  }
  // Who calls through a pointer may look at the bytes in front of the function (UndefinedBehaviorSanitizer's function
  // types), so there are some in front of the first.
  static std::uintptr_t first(const tp::DualMapping& text) { return text.code() + kEntrySize; }
  const tp::DualMapping& text_of(unsigned entry) const { return is_far(number_of_entry(entry)) ? far_ : near_; }
  std::uintptr_t address(unsigned entry) const { return first(text_of(entry)) + entry * kEntrySize; }
  std::uint8_t* writable(unsigned entry) const { return text_of(entry).writable(address(entry)); }

  tp::DualMapping near_;
  tp::DualMapping far_;  // as large, so that an entry stands at the same place of either
  std::array<std::atomic<unsigned>, kMaxFunctions> retired_{};  // how many entries of each
};

}  // namespace tpfuzz
