// Ending what the subject would do for ever without a call of its Host.
//
//   1. tick     a timer of the thread's own CPU time sends it a signal every kTick: a machine that is slow, a debugger
//   or
//               SIGSTOP costs no CPU time, and an execution costs no system call
//   2. count    the handler counts ticks; work that begins anew begins the count anew
//   3. land     once one piece of work has taken the patience, the thread goes on in FaultCatcher::endless instead
//
// ThreadSanitizer can be left only where it looks for signals: between two atomic accesses of the program. It is asked
// for that first; a loop that makes none is left where it stands, one patience later.
#pragma once

namespace tpfuzz {

namespace watchdog {

inline constexpr int kTickMilliseconds = 50;

/// How many ticks a piece of work may take: two seconds, where an execution takes microseconds, or with a sanitizer a
/// millisecond.
inline constexpr unsigned kPatience = 40;

/// For what is known to loop and is tried again and again; what is told is confirmed with kPatience.
inline constexpr unsigned kLittlePatience = 2;

/// From now on, in all threads.
void set_patience(unsigned ticks);

struct Watch {
  bool armed = false;  // the thread has its timer
  bool works = false;
  unsigned work = 0;  // the number of the piece of work
};
inline constinit thread_local Watch watch;

void arm();

}  // namespace watchdog

/// While one lives, its thread does one piece of work of the subject's, which has to end. It is watched while the
/// FaultCatcher (fault.h) is in the subject.
class Watched {
 public:
  Watched() {
    if (!watchdog::watch.armed) [[unlikely]]
      watchdog::arm();
    ++watchdog::watch.work;
    watchdog::watch.works = true;
  }
  ~Watched() { watchdog::watch.works = false; }

  /// It is another piece of work from now on.
  static void anew() { ++watchdog::watch.work; }

  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;
};

}  // namespace tpfuzz
