// The cores that a litmus test can run on.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace tpfuzz::litmus {

/// The processor as it names itself, with its family, model and stepping; "unknown" if the system does not tell.
std::string processor();

/// The CPUs (hardware threads, by the system's numbers) that this thread may use, in order.
std::vector<int> usable_cpus();

/// Two CPUs for the two threads of a test: of two cores, if there are two.
struct Pair {
  std::array<int, 2> cpus;
  bool one_core = false;  ///< they are hardware threads of one core
};

/// Nothing, if this thread may use one CPU only.
std::optional<Pair> pair_of(const std::vector<int>& cpus);

/// Binds the calling thread to `cpu`. Returns whether the system did.
bool bind_to(int cpu);

}  // namespace tpfuzz::litmus
