// How far a fuzzing session has come: a file that its processes share, run for run, each of which maps it and writes
// into it as it executes. Whoever kills them, what they wrote is there. Not safe from a loss of power.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>

#include "fuzz/base/error.h"
#include "fuzz/oracle/interleavings.h"

namespace tpfuzz {

struct Progress {
  std::uint64_t layout = 0;      ///< what follows: kLayout; that of another version counts for nothing
  std::uint64_t executions = 0;  ///< by all processes
  std::array<std::uint8_t, Interleavings::kCount> met{};

  static constexpr std::uint64_t kLayout = 0x7470'7072'0000'0000 + Interleavings::kCount;
};

/// Maps `file`, which is made if it is not there, until the process ends. Returns it, or one line that says what is
/// wrong. What other processes write meanwhile is atomic: write with std::atomic_ref only.
std::variant<Progress*, Error> map_progress(const std::string& file);

/// What `file` tells; nothing was executed if there is none. Returns it, or one line that says what is wrong.
std::variant<Progress, Error> read_progress(const std::string& file);

}  // namespace tpfuzz
