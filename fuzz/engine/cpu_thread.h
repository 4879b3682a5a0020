// A CPU of a sequence as an OS thread: it does what it is told, one thing at a time, and is a reader of liburcu.
//
// What is handed over is no synchronisation to ThreadSanitizer, as with fibers: this file's source is not instrumented,
// and waits in the kernel by itself. So a release that the subject lacks is seen, although only one CPU runs at a time.
#pragma once

#include <cstdint>
#include <thread>

namespace tpfuzz {

class CpuThread {
 public:
  using Task = void (*)(void* argument);

  /// Starts the thread, and waits until it is a reader. It ends with the object.
  CpuThread();
  ~CpuThread();
  CpuThread(const CpuThread&) = delete;
  CpuThread& operator=(const CpuThread&) = delete;

  /// Has the thread call `task(argument)`; it must be idle. Returns at once.
  void start(Task task, void* argument);

  /// Whether the last task has ended.
  bool idle() const { return __atomic_load_n(&state_, __ATOMIC_ACQUIRE) == kIdle; }

  /// Waits for that.
  void wait();

  /// `start`, then `wait`.
  void run(Task task, void* argument) {
    start(task, argument);
    wait();
  }

 private:
  // What `state_` holds: a futex. Builtins, as a std::atomic's functions may be another file's instrumented ones.
  enum State : std::uint32_t { kIdle, kBusy };

  void main();
  void wait_while(State state);
  void set(State state);

  std::uint32_t state_ = kBusy;  // until it is a reader
  Task task_ = nullptr;
  void* argument_ = nullptr;
  std::thread thread_;
};

}  // namespace tpfuzz
