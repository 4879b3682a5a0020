// What a hit costs, beside what one would write without a tracepoint.
//
//   hit/nop                 the five-byte nop that a static key leaves, and nothing else
//   hit/key_off             a hit while no probe is registered
//   hit/direct_call         a call of the probe's function
//   hit/locked_direct_call  the same inside a read-side section: what one probe is compared with
//   hit/plain_direct_call   the same in a section without the test whether the thread is a reader already
//   hit/one_probe           a hit with that function registered
//   hit/two_probes          a hit with two probes: the iterator, two indirect calls
//   hit/faultable_one_probe a hit of a faultable tracepoint, in a section of the other flavour of liburcu
//   hit/.../in_line         not in a function of its own: see bench/hits.h
//
// The section is the same pair of functions in all of the others.
#include "core/bench/hits.h"
#include "core/bench/plain_section.h"
#include "core/tracepoint.h"

TPFUZZ_TRACEPOINT_DECLARE(core_bench_hit, void(int pid, const char* comm));
TPFUZZ_TRACEPOINT_DEFINE(core_bench_hit);
TPFUZZ_TRACEPOINT_DECLARE_FAULTABLE(core_bench_faultable_hit, void(int pid, const char* comm));
TPFUZZ_TRACEPOINT_DEFINE(core_bench_faultable_hit);

namespace tpfuzz::internal::bench {
namespace {

struct Nop {
  [[gnu::always_inline]] static void pass(const Arguments&) { asm volatile(".byte 0x0f, 0x1f, 0x44, 0x00, 0x00"); }
};

struct Hit {
  [[gnu::always_inline]] static void pass(const Arguments& arguments) {
    core_bench_hit.hit(arguments.pid, arguments.comm);
  }
};

struct FaultableHit {
  [[gnu::always_inline]] static void pass(const Arguments& arguments) {
    core_bench_faultable_hit.hit(arguments.pid, arguments.comm);
  }
};

struct DirectCall {
  [[gnu::always_inline]] static void pass(const Arguments& arguments) {
    probe(&first_data, arguments.pid, arguments.comm);
  }
};

struct LockedDirectCall {
  [[gnu::always_inline]] static void pass(const Arguments& arguments) {
    rcu::read_lock();
    probe(&first_data, arguments.pid, arguments.comm);
    rcu::read_unlock();
  }
};

struct PlainDirectCall {
  [[gnu::always_inline]] static void pass(const Arguments& arguments) {
    plain_read_lock();
    probe(&first_data, arguments.pid, arguments.comm);
    plain_read_unlock();
  }
};

template <int probes, class Line>
void measure_hit(benchmark::State& state) {
  if (probes >= 1) core_bench_hit.register_probe(&probe, &first_data);
  if (probes >= 2) core_bench_hit.register_probe(&probe, &second_data);
  measure<Line>(state);
  if (probes >= 1) core_bench_hit.unregister_probe(nullptr, nullptr);
}

void measure_faultable_hit(benchmark::State& state) {
  core_bench_faultable_hit.register_probe(&probe, &first_data);
  measure<InFunction<FaultableHit>>(state);
  core_bench_faultable_hit.unregister_probe(nullptr, nullptr);
}

BENCHMARK(measure<Nop>)->Name("hit/nop");
BENCHMARK(measure_hit<0, Hit>)->Name("hit/key_off");
BENCHMARK(measure<InFunction<DirectCall>>)->Name("hit/direct_call");
BENCHMARK(measure<InFunction<LockedDirectCall>>)->Name("hit/locked_direct_call");
BENCHMARK(measure<InFunction<PlainDirectCall>>)->Name("hit/plain_direct_call");
BENCHMARK(measure_hit<1, InFunction<Hit>>)->Name("hit/one_probe");
BENCHMARK(measure_hit<2, InFunction<Hit>>)->Name("hit/two_probes");
BENCHMARK(measure_faultable_hit)->Name("hit/faultable_one_probe");
BENCHMARK(measure<LockedDirectCall>)->Name("hit/locked_direct_call/in_line");
BENCHMARK(measure_hit<1, Hit>)->Name("hit/one_probe/in_line");

}  // namespace
}  // namespace tpfuzz::internal::bench
