// What happened at one moment of an execution: a small fixed record without addresses, times or thread ids, so that the
// same sequence gives the same events in every build and on every run.
#pragma once

#include <cstdint>

#include "core/points.h"

namespace tpfuzz {

struct Event {
  enum class Kind : std::uint8_t {
    started,    ///< the CPU begins `operation`
    passed,     ///< it has come to `point`
    parked,     ///< it is delayed there
    waits,      ///< it waits for a grace period, the mutex or the worker
    resumed,    ///< it goes on
    called,     ///< function `func` runs with data `data`
    hooked,     ///< a hook ran: `func` is 1 for enable, 0 for disable; `result` is what it returned; `data` is 1 if the
                ///< CPU did not hold the mutex, plus twice what is said below
    faulted,    ///< a memory fault or an illegal instruction: signal `result`
    completed,  ///< the operation returned `result`
    stuck,      ///< `cpu` waits for nobody
    endless,    ///< it goes on for ever
    late,       ///< it is about to touch a function or data that a `sync` took away
    torn,       ///< it is about to run a site that holds no instruction
    disorder,   ///< it has changed a site out of order
    unwaited,   ///< its wait is over, and liburcu has had no grace period since the cookie was taken
    nested,     ///< a probe that it called begins to hit tracepoint `data`: what it does now is that hit's, until
    unnested,   ///< that hit has ended, and the probe goes on
    wrong_argument,  ///< the function that it called last got another argument number `data` than was passed: `result`
                     ///< is what (host.h)
    warned,          ///< the code under test has said that something is wrong with itself: its warning number `data`
  };
  Kind kind = Kind::started;
  std::uint8_t cpu = 0;        ///< Cpu::number()
  std::uint8_t operation = 0;  ///< index of the operation; of k0: the number of the run
  tp::Point point = tp::Point::keyed;
  std::uint8_t func = 0;
  /// called, nested: see there. Of a batch over several tracepoints, passed, parked, waits and hooked: which it works
  /// on; that of what many wait for together is one of those. Else 0.
  std::uint8_t data = 0;
  std::int16_t result = 0;
};
static_assert(sizeof(Event) == 8);  // so that it travels in a register: by value

}  // namespace tpfuzz
