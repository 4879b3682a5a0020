// Where a reader goes that runs into an int3: out of the signal handler, to C++ that may be delayed like any other code
// of a subject. The handler of SIGTRAP only redirects the CPU. The few instructions that it is redirected to keep all
// that may be live at a site, ask where to go on, and go there with everything as it was.
//
// The product has none of this: its handler (core/text.cc) decides by itself. It does so here, too, as long as nobody
// may be delayed in a trap, and whatever its site is to hold needs no more than that.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/text.h"

namespace tpfuzz {

/// A CPU in the trap of a site: the frame of `tpfuzz_trap_entry`, up to where the CPU's own stack begins.
struct Trapped {
  static constexpr std::size_t kRedZone = 128;  ///< of the ABI: it belongs to what was interrupted

  std::uint64_t next;                                       ///< where the CPU goes on; at first the site
  std::uint8_t red_zone[kRedZone - sizeof(std::uint64_t)];  ///< but for its last word:
  std::uint64_t pushed;  ///< a call's return address. Whoever makes calls has no red zone
};

/// Says where the CPU goes on that has run into the int3 of a site.
using TrapAnswer = tp::Answer(tp::Site& site);

/// From now on a trap of a site is answered by `answer`, on the stack of the CPU that trapped and outside of the signal
/// handler, if `taken_out()` holds when it comes; all others by the handler that stands at the first call. The core's
/// has to stand by then. While no CPU runs.
void take_traps_out(bool (*taken_out)(), TrapAnswer* answer);

}  // namespace tpfuzz
