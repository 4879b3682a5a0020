#include "fuzz/engine/watchdog.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "fuzz/engine/fault.h"

namespace tpfuzz {
namespace {

std::atomic<unsigned> patience = watchdog::kPatience;

struct Count {
  unsigned work = 0;   // the piece of work that it counts for
  unsigned ticks = 0;  // that it has taken
};
constinit thread_local Count count;

// Of this thread; it ends with it.
struct Timer {
  timer_t id{};
  bool made = false;
  ~Timer() {
    if (made) timer_delete(id);
  }
};
thread_local Timer timer;

int tick_signal() { return SIGRTMIN + 5; }

[[noreturn]] void refuse(const char* what) {
  std::perror(what);
  std::abort();
}

#ifdef TPFUZZ_TSAN
int ask_signal() { return SIGRTMIN + 6; }

// Called by ThreadSanitizer like a function, on the stack of the code that looked for signals, with all signals
// blocked.
void on_asked(int, siginfo_t*, void*) {
  FaultCatcher* const catcher = current_catcher();
  if (catcher == nullptr || !watchdog::watch.works || !catcher->in_subject()) return;
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  catcher->endless();
}
#endif

void on_tick(int, siginfo_t*, void* context) {
  const watchdog::Watch& watch = watchdog::watch;
  if (!watch.works || watch.work != count.work) {
    count = {watch.work, 0};
    return;
  }
  FaultCatcher* const catcher = current_catcher();
  const unsigned allowed = patience.load(std::memory_order_relaxed);
  if (++count.ticks < allowed || catcher == nullptr || !catcher->in_subject()) return;
#ifdef TPFUZZ_TSAN
  if (count.ticks < 2 * allowed) {
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), ask_signal());
    return;
  }
#endif
  count.ticks = 0;
  land(context, [] { current_catcher()->endless(); });
}

using Sigaction = int (*)(int, const struct sigaction*, struct sigaction*);

void install(Sigaction install, int signal, void (*handler)(int, siginfo_t*, void*)) {
  struct sigaction action = {};
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigemptyset(&action.sa_mask);
  if (install(signal, &action, nullptr) != 0) refuse("tpfuzz: sigaction");
}

// ThreadSanitizer would call the handler of a tick when the program looks for signals: so libc's own sigaction.
bool install_all() {
  void* const own = dlsym(RTLD_NEXT, "sigaction");
  install(own != nullptr ? reinterpret_cast<Sigaction>(own) : &sigaction, tick_signal(), &on_tick);
#ifdef TPFUZZ_TSAN
  install(&sigaction, ask_signal(), &on_asked);
#endif
  // A child has no timers.
  pthread_atfork(nullptr, nullptr, [] { watchdog::watch.armed = timer.made = false; });
  return true;
}

}  // namespace

void watchdog::set_patience(unsigned ticks) { patience.store(ticks, std::memory_order_relaxed); }

void watchdog::arm() {
  [[maybe_unused]] static const bool installed = install_all();
  sigevent event = {};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = tick_signal();
  event._sigev_un._tid = static_cast<pid_t>(syscall(SYS_gettid));
  if (timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer.id) != 0) refuse("tpfuzz: timer_create");
  timer.made = true;
  const timespec tick = {0, kTickMilliseconds * 1'000'000L};
  const itimerspec every = {tick, tick};
  if (timer_settime(timer.id, 0, &every, nullptr) != 0) refuse("tpfuzz: timer_settime");
  watch.armed = true;
}

}  // namespace tpfuzz
