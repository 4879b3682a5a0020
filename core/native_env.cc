#include "core/native_env.h"

#include <linux/membarrier.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <thread>

#include "core/registry.h"

namespace tpfuzz::internal {
namespace {

std::mutex registrations;
std::mutex keys;

int membarrier(int command) { return static_cast<int>(syscall(SYS_membarrier, command, 0, 0)); }

bool register_for_barriers() { return membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE) == 0; }

bool barrier() { return membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE) == 0; }

// The thread behind a Worker: started by the first request, sleeping in between, never ended. A forked child has none,
// and starts its own.
struct WorkerThread {
  std::mutex mutex;
  std::condition_variable changed;
  bool started = false;

  void serve(Worker<NativeEnv>& worker) {
    for (;;) {
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return worker.outstanding(); });
      }
      worker.run_once();
      const std::scoped_lock lock(mutex);  // so that nobody misses the news between looking and sleeping
      changed.notify_all();
    }
  }
};

WorkerThread& worker_thread() {
  static WorkerThread& thread = *new WorkerThread;
  return thread;
}

// A fork waits until no registration is half done: the child would inherit it, and the mutex, from a thread that it
// does not have. Handlers run in the reverse of their order here, so text's, which `prepare_sites` has set up, come
// last before the fork and first after it.
void before_fork() {
  registrations.lock();
  keys.lock();
  worker_thread().mutex.lock();
  rcu::before_fork();
}

void after_fork_in_parent() {
  rcu::after_fork_in_parent();
  worker_thread().mutex.unlock();
  keys.unlock();
  registrations.unlock();
}

void after_fork_in_child() {
  if (!register_for_barriers()) text::give_up();  // the child's address space is another
  rcu::after_fork_in_child();
  ::new (&worker_thread()) WorkerThread;  // the parent's has a sleeper that is not here
  auto& worker = Registry<NativeEnv>::instance().worker();
  if (worker.outstanding()) NativeEnv::start_worker(worker);
  keys.unlock();
  registrations.unlock();
}

std::optional<std::string> prepare_process() {
  if (auto error = prepare_sites()) return error;
  if (!register_for_barriers())
    return "tracepoint text: membarrier(REGISTER_PRIVATE_EXPEDITED_SYNC_CORE): " + std::string(std::strerror(errno));
  if (pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) != 0)
    return "tracepoint text: pthread_atfork failed";
  return {};
}

}  // namespace

void NativeEnv::lock() { registrations.lock(); }

void NativeEnv::unlock() { registrations.unlock(); }

void NativeEnv::lock_keys() { keys.lock(); }

void NativeEnv::unlock_keys() { keys.unlock(); }

// Without the barrier a core could run a mixture of two instructions: then the program ends. What a program can be
// refused is its registration, where its address space is another than at `prepare`: so that is asked for once more.
void NativeEnv::patch_barrier() {
  if (barrier() || (register_for_barriers() && barrier())) return;
  std::perror("tracepoint text: membarrier(PRIVATE_EXPEDITED_SYNC_CORE)");
  std::abort();
}

void NativeEnv::start_worker(Worker<NativeEnv>& worker) {
  WorkerThread& thread = worker_thread();
  const std::scoped_lock lock(thread.mutex);
  if (!thread.started) std::thread([&] { thread.serve(worker); }).detach();
  thread.started = true;
  thread.changed.notify_all();
}

void NativeEnv::await_worker(Worker<NativeEnv>& worker) {
  WorkerThread& thread = worker_thread();
  std::unique_lock lock(thread.mutex);
  thread.changed.wait(lock, [&] { return !worker.outstanding(); });
}

std::optional<std::string> NativeEnv::prepare() {
  static const std::optional<std::string> error = prepare_process();
  return error;
}

}  // namespace tpfuzz::internal
