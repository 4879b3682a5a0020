// Which CPU has which number (Cpu::number()): the writers first, then the readers, then the worker.
#pragma once

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

inline constexpr int kWorkerCpu = kMaxCpus - 1;

constexpr bool is_writer(int cpu) { return cpu < kMaxWriters; }
constexpr bool is_reader(int cpu) { return cpu >= kMaxWriters && cpu < kWorkerCpu; }

/// Which reader, from 0, a CPU is.
constexpr int reader_of(int cpu) { return cpu - kMaxWriters; }
constexpr int cpu_of_reader(int reader) { return kMaxWriters + reader; }

}  // namespace tpfuzz
