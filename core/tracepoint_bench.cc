// What a hit costs, beside what one would write without a tracepoint.
//
//   hit/nop                 the five-byte nop that a static key leaves, and nothing else
//   hit/key_off             a hit while no probe is registered
//   hit/direct_call         a call of the probe's function
//   hit/locked_direct_call  the same inside a read-side section: what one probe is compared with
//   hit/one_probe           a hit with that function registered
//   hit/locked_indirect     inside a read-side section: load a published {func, data}, test it, call through it
//   hit/two_probes          a hit with two probes: the iterator, two indirect calls
//   hit/.../in_line         not in a function of its own: see below
//
// Fair, because all are the same loop around the same batch of kBatch copies of one line, with the same arguments,
// whose values the compiler can't know; because the probe's function is the same one, and empty, as any work in it
// would hide the difference; and because the section is the same pair of functions. One iteration is a batch, so that
// the loop (two instructions) does not hide a nop; `per_hit` is the time of one copy. Times are of this thread's CPU,
// as the machine is shared.
//
// A line that calls stands alone in a function, as a call site does in a program; all of them begin a cache line, as
// where they happened to lie made a difference of a tenth. In a straight line of 32 copies the
// compiler keeps in registers, over all of them, what the section needs (addresses of thread-local and of library
// data); it does so for the plain calls and not for the hits, whose work stands out of line. The rows `in_line` show
// that.
#include <benchmark/benchmark.h>

#include <atomic>
#include <utility>

#include "core/tracepoint.h"

TRACEPOINT_DECLARE(core_bench_hit, void(int pid, const char* comm));
TRACEPOINT_DEFINE(core_bench_hit);

namespace {

constexpr int kBatch = 32;

// Uses its arguments and may touch any memory, as far as the compiler can tell; the machine does nothing.
[[gnu::noinline]] void probe(void* data, int pid, const char* comm) {
  asm volatile("" : : "r"(data), "r"(pid), "r"(comm) : "memory");
}

struct Arguments {
  int pid;
  const char* comm;
};

struct Published {
  void (*func)(void*, int, const char*);
  void* data;
};

Published published_probe{&probe, nullptr};
std::atomic<Published*> published{&published_probe};
char first_data;
char second_data;

template <class Hit, int... copies>
[[gnu::always_inline]] inline void batch(const Arguments& arguments, std::integer_sequence<int, copies...>) {
  ((static_cast<void>(copies), Hit::pass(arguments)), ...);
}

template <class Hit>
[[gnu::noinline, gnu::aligned(64)]] void measure(benchmark::State& state) {
  const tp::rcu::Thread reader;
  Arguments arguments{42, "bash"};
  benchmark::DoNotOptimize(arguments);
  const Arguments local = arguments;  // in registers
  for ([[maybe_unused]] auto _ : state) batch<Hit>(local, std::make_integer_sequence<int, kBatch>());
  state.counters["per_hit"] = benchmark::Counter(static_cast<double>(state.iterations()) * kBatch,
                                                 benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

struct Nop {
  [[gnu::always_inline]] static void pass(const Arguments&) { asm volatile(".byte 0x0f, 0x1f, 0x44, 0x00, 0x00"); }
};

struct Hit {
  [[gnu::always_inline]] static void pass(const Arguments& arguments) {
    core_bench_hit.hit(arguments.pid, arguments.comm);
  }
};

struct DirectCall {
  [[gnu::always_inline]] static void pass(const Arguments& arguments) {
    probe(&first_data, arguments.pid, arguments.comm);
  }
};

struct LockedDirectCall {
  [[gnu::always_inline]] static void pass(const Arguments& arguments) {
    tp::rcu::read_lock();
    probe(&first_data, arguments.pid, arguments.comm);
    tp::rcu::read_unlock();
  }
};

struct LockedIndirectCall {
  [[gnu::always_inline]] static void pass(const Arguments& arguments) {
    tp::rcu::read_lock();
    if (const Published* const found = published.load(std::memory_order_acquire))
      found->func(found->data, arguments.pid, arguments.comm);
    tp::rcu::read_unlock();
  }
};

template <class Line>
struct InFunction {
  [[gnu::noinline, gnu::aligned(64)]] static void site(int pid, const char* comm) { Line::pass({pid, comm}); }
  [[gnu::always_inline]] static void pass(const Arguments& arguments) { site(arguments.pid, arguments.comm); }
};

template <int probes, class Line>
void measure_hit(benchmark::State& state) {
  if (probes >= 1) core_bench_hit.register_probe(&probe, &first_data);
  if (probes >= 2) core_bench_hit.register_probe(&probe, &second_data);
  measure<Line>(state);
  if (probes >= 1) core_bench_hit.unregister_probe(nullptr, nullptr);
}

BENCHMARK(measure<Nop>)->Name("hit/nop");
BENCHMARK(measure_hit<0, Hit>)->Name("hit/key_off");
BENCHMARK(measure<InFunction<DirectCall>>)->Name("hit/direct_call");
BENCHMARK(measure<InFunction<LockedDirectCall>>)->Name("hit/locked_direct_call");
BENCHMARK(measure_hit<1, InFunction<Hit>>)->Name("hit/one_probe");
BENCHMARK(measure<InFunction<LockedIndirectCall>>)->Name("hit/locked_indirect");
BENCHMARK(measure_hit<2, InFunction<Hit>>)->Name("hit/two_probes");
BENCHMARK(measure<LockedDirectCall>)->Name("hit/locked_direct_call/in_line");
BENCHMARK(measure_hit<1, Hit>)->Name("hit/one_probe/in_line");

}  // namespace
