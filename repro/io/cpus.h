// How many CPUs this process may use.
#pragma once

#include <optional>
#include <string>

namespace tpfuzz {

/// The CPUs that its affinity allows, and no more than its control groups give it the time of; at least 1.
int usable_cpus();

/// The same of `allowed` CPUs, and of the quota `quota`, of which a part of a CPU does not count.
int usable_cpus(int allowed, std::optional<double> quota);

/// The CPUs whose time the control groups of this process give it: the least of its own group and those above. Nothing:
/// as many as there are. What /proc and /sys tell is read below `root`.
std::optional<double> cpu_quota(const std::string& root = {});

}  // namespace tpfuzz
