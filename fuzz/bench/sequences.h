// The fixed sequences of the benchmarks: one reader and two hits each.
#pragma once

namespace tpfuzz::bench {

#define TPFUZZ_BENCH_PROBES "tpfuzz 1\nprobe a func=0 data=0 prio=10\nprobe b func=1 data=1 prio=20\n"
inline constexpr char kOneTwo[] = TPFUZZ_BENCH_PROBES "w0 register a\nr0 hit\nw0 register b\nr0 hit\n";
inline constexpr char kOneZeroOne[] =
    TPFUZZ_BENCH_PROBES "w0 register a\nr0 hit\nw0 unregister a\nw0 register b\nr0 hit\n";
inline constexpr char kOneTwoOne[] =
    TPFUZZ_BENCH_PROBES "w0 register a\nw0 register b\nr0 hit\nw0 unregister a\nr0 hit\n";
#undef TPFUZZ_BENCH_PROBES

}  // namespace tpfuzz::bench
