// What a session waits for: signals. They stay blocked, so that none comes between two steps.
#pragma once

#include <chrono>
#include <csignal>

namespace tpfuzz {

class Signals {
 public:
  /// From now on SIGINT and SIGTERM stop the session; SIGCHLD, and SIGWINCH (the terminal has another size), end a
  /// wait.
  Signals();

  /// Whether a signal has come to stop it.
  bool stopped();

  /// Waits for a signal, or so long.
  void wait(std::chrono::milliseconds longest);

 private:
  bool take(std::chrono::milliseconds longest, const sigset_t& signals);

  sigset_t stopping_;
  sigset_t all_;
  bool stopped_ = false;
};

}  // namespace tpfuzz
