// Running a program and killing it at a chosen system call: at a moment, without a clock.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tpfuzz {

/// Runs `command`, its output into the file `output`, and kills it when it enters its system call number `nth`, counted
/// from 0, the first one that opens a file for writing. Returns whether it lived until then; nothing where the system
/// does not let a process be traced.
std::optional<bool> run_and_kill(const std::vector<std::string>& command, const std::string& output, int nth);

}  // namespace tpfuzz
