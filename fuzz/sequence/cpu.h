// The dense numbers of CPUs, which events and arrays go by (Cpu::number): first the writers, then the readers, last the
// worker.
#pragma once

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// The number of the worker k0.
inline constexpr int kWorkerCpu = Cpu{Cpu::Kind::worker, 0}.number();
static_assert(kWorkerCpu == kMaxCpus - 1);

constexpr bool is_writer(int cpu) { return cpu < kMaxWriters; }
constexpr bool is_worker(int cpu) { return cpu == kWorkerCpu; }
constexpr bool is_reader(int cpu) { return !is_writer(cpu) && !is_worker(cpu); }

/// Which reader, from 0, a CPU is; and back.
constexpr int reader_of(int cpu) { return cpu - kMaxWriters; }
constexpr int cpu_of_reader(int reader) { return kMaxWriters + reader; }

/// The CPU of a dense number.
constexpr Cpu cpu_numbered(int number) {
  if (is_writer(number)) return {Cpu::Kind::writer, static_cast<std::uint8_t>(number)};
  if (is_reader(number)) return {Cpu::Kind::reader, static_cast<std::uint8_t>(reader_of(number))};
  return {Cpu::Kind::worker, 0};
}

}  // namespace tpfuzz
