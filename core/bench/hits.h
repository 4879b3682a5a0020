// The loop that all benchmarks of a hit share, so that they can be compared.
//
// A `Line` has one function, `pass(arguments)`: the line under measurement. Fair, because all are the same loop around
// the same batch of kBatch copies of one line, with the same arguments, whose values the compiler can't know; because
// the probe's function is the same one, and empty, as any work in it would hide the difference. One iteration is a
// batch, so that the loop (two instructions) does not hide a nop; `per_hit` is the time of one copy. Times are of this
// thread's CPU, as the machine is shared.
//
// A line that calls stands alone in a function, as a call site does in a program; all of them begin a cache line, as
// where they happened to lie made a difference of a tenth. In a straight line of 32 copies the
// compiler keeps in registers, over all of them, what the section needs (addresses of thread-local and of library
// data); it does so for the plain calls and not for the hits, whose work stands out of line. The rows `in_line` show
// that.
#pragma once

#include <benchmark/benchmark.h>

#include <utility>

#include "core/rcu.h"

namespace tpfuzz::internal::bench {

inline constexpr int kBatch = 32;

/// The probe: uses its arguments and may touch any memory, as far as the compiler can tell; the machine does nothing.
[[gnu::noinline]] inline void probe(void* data, int pid, const char* comm) {
  asm volatile("" : : "r"(data), "r"(pid), "r"(comm) : "memory");
}
inline char first_data;
inline char second_data;

struct Arguments {
  int pid;
  const char* comm;
};

template <class Line, int... copies>
[[gnu::always_inline]] inline void batch(const Arguments& arguments, std::integer_sequence<int, copies...>) {
  ((static_cast<void>(copies), Line::pass(arguments)), ...);
}

/// Runs `Line` in a reader's thread, and counts `per_hit` in seconds.
template <class Line>
[[gnu::noinline, gnu::aligned(64)]] void measure(benchmark::State& state) {
  rcu::register_thread();
  Arguments arguments{42, "bash"};
  benchmark::DoNotOptimize(arguments);
  const Arguments local = arguments;  // in registers
  for ([[maybe_unused]] auto _ : state) batch<Line>(local, std::make_integer_sequence<int, kBatch>());
  state.counters["per_hit"] = benchmark::Counter(static_cast<double>(state.iterations()) * kBatch,
                                                 benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// `Line`, in a function of its own.
template <class Line>
struct InFunction {
  [[gnu::noinline, gnu::aligned(64)]] static void site(int pid, const char* comm) { Line::pass({pid, comm}); }
  [[gnu::always_inline]] static void pass(const Arguments& arguments) { site(arguments.pid, arguments.comm); }
};

}  // namespace tpfuzz::internal::bench
