// A peer: what one writes without patching. An atomic pointer to an array of callbacks that ends with a NULL function,
// read inside the same read-side section as a hit's, and replaced by a changed copy.
//
//   hit/callback_list/PROBES           off, one, two: the line of tracepoint_bench.cc
//   register/callback_list/TRANSITION  as in registration_bench.cc
//
// Nobody has to wait for a grace period, as function and data are read from one entry.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <new>
#include <vector>

#include "core/bench/hits.h"

namespace tpfuzz::internal::bench {
namespace {

class CallbackList {
 public:
  using Function = void (*)(void* data, int pid, const char* comm);

  [[gnu::always_inline]] void hit(int pid, const char* comm) {
    if (published_.load(std::memory_order_relaxed) == nullptr) [[likely]]
      return;
    rcu::read_lock();
    if (Array* const array = published_.load(std::memory_order_acquire))
      for (const Callback* callback = array->callbacks(); callback->func != nullptr; ++callback)
        callback->func(callback->data, pid, comm);
    rcu::read_unlock();
  }

  void add(Function func, void* data) {
    const std::lock_guard lock(mutex_);
    callbacks_.push_back({func, data});
    publish();
  }

  void remove(Function func, void* data) {
    const std::lock_guard lock(mutex_);
    std::erase_if(callbacks_, [&](const Callback& its) { return its.func == func && its.data == data; });
    publish();
  }

 private:
  struct Callback {
    Function func;
    void* data;
  };
  struct Array {  // its callbacks stand behind it, and the end
    rcu::Header header;
    Callback* callbacks() { return reinterpret_cast<Callback*>(this + 1); }
  };

  void publish() {
    Array* array = nullptr;
    if (!callbacks_.empty()) {
      void* const block = std::malloc(sizeof(Array) + (callbacks_.size() + 1) * sizeof(Callback));
      if (block == nullptr) throw std::bad_alloc();
      array = static_cast<Array*>(block);
      *std::ranges::copy(callbacks_, array->callbacks()).out = {nullptr, nullptr};
    }
    if (Array* const old = published_.exchange(array, std::memory_order_acq_rel)) rcu::defer_free(&old->header);
  }

  std::atomic<Array*> published_{nullptr};
  std::mutex mutex_;
  std::vector<Callback> callbacks_;
};

CallbackList list;

struct Hit {
  [[gnu::always_inline]] static void pass(const Arguments& arguments) { list.hit(arguments.pid, arguments.comm); }
};

template <int probes, class Line>
void measure_hit(benchmark::State& state) {
  if (probes >= 1) list.add(&probe, &first_data);
  if (probes >= 2) list.add(&probe, &second_data);
  measure<Line>(state);
  if (probes >= 1) list.remove(&probe, &first_data);
  if (probes >= 2) list.remove(&probe, &second_data);
  rcu::drain();
}

template <bool alone>
void add_and_remove(benchmark::State& state) {
  if (!alone) list.add(&probe, &first_data);
  for ([[maybe_unused]] auto _ : state) {
    list.add(&probe, &second_data);
    list.remove(&probe, &second_data);
  }
  if (!alone) list.remove(&probe, &first_data);
  rcu::drain();
}

BENCHMARK(measure_hit<0, Hit>)->Name("hit/callback_list/off");
BENCHMARK(measure_hit<1, InFunction<Hit>>)->Name("hit/callback_list/one");
BENCHMARK(measure_hit<2, InFunction<Hit>>)->Name("hit/callback_list/two");
BENCHMARK(add_and_remove<true>)->Name("register/callback_list/0->1->0")->UseRealTime();
BENCHMARK(add_and_remove<false>)->Name("register/callback_list/1->2->1")->UseRealTime();

}  // namespace
}  // namespace tpfuzz::internal::bench
