// A line on stderr that is written over while work goes on: on a terminal, and nowhere else; not with --quiet. It is
// shown of what takes longer than half a second.
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "repro/io/console.h"

namespace tpfuzz {

class StatusLine {
 public:
  StatusLine() = default;
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  ~StatusLine() { clear(); }

  /// Takes the line away, for what is printed next.
  void clear() {
    if (shown_) std::fputs("\r\033[K", stderr);
    shown_ = false;
  }

  /// Shows what `words()` returns, ten times a second at most.
  template <class Words>
  void show(Words words) {
    const auto now = Clock::now();
    if (!terminal_ || now < next_) return;
    next_ = now + std::chrono::milliseconds(100);
    shown_ = true;
    std::fputs(("\r\033[K" + std::string(words())).c_str(), stderr);
  }

 private:
  using Clock = std::chrono::steady_clock;

  bool terminal_ = isatty(STDERR_FILENO) == 1 && !console::is_quiet();
  bool shown_ = false;
  Clock::time_point next_ = Clock::now() + std::chrono::milliseconds(500);
};

}  // namespace tpfuzz
