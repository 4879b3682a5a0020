#include "repro/session/signals.h"

namespace tpfuzz {

Signals::Signals() {
  sigemptyset(&stopping_);
  sigaddset(&stopping_, SIGINT);
  sigaddset(&stopping_, SIGTERM);
  all_ = stopping_;
  sigaddset(&all_, SIGCHLD);
  sigaddset(&all_, SIGWINCH);
  std::signal(SIGCHLD, SIG_DFL);  // who ignores it has no children to wait for
  sigprocmask(SIG_BLOCK, &all_, nullptr);
}

bool Signals::take(std::chrono::milliseconds longest, const sigset_t& signals) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(longest);
  const timespec time = {seconds.count(), std::chrono::nanoseconds(longest - seconds).count()};
  const int signal = sigtimedwait(&signals, nullptr, &time);
  stopped_ |= signal == SIGINT || signal == SIGTERM;
  return signal > 0;
}

bool Signals::stopped() {
  while (take(std::chrono::milliseconds(0), stopping_)) {
  }
  return stopped_;
}

void Signals::wait(std::chrono::milliseconds longest) { take(longest, all_); }

}  // namespace tpfuzz
