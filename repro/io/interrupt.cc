#include "repro/io/interrupt.h"

#include <signal.h>

namespace tpfuzz {
namespace {

volatile sig_atomic_t has_come = 0;

}  // namespace

// On the stack of the signals: a CPU of the sequence has a small one.
void note_interrupts(std::initializer_list<int> signals) {
  struct sigaction action = {};
  action.sa_handler = [](int) { has_come = 1; };
  action.sa_flags = SA_ONSTACK | SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int signal : signals) sigaction(signal, &action, nullptr);
}

bool interrupted() { return has_come != 0; }

}  // namespace tpfuzz
