#include "repro/io/cpus.h"

#include <sched.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

namespace tpfuzz {
namespace {

namespace fs = std::filesystem;

int allowed_cpus() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
  return static_cast<int>(std::thread::hardware_concurrency());  // more CPUs than a set has
}

std::optional<double> ratio(double quota, double period) {
  if (quota <= 0 || period <= 0) return std::nullopt;
  return quota / period;
}

// "50000 100000", or "max 100000".
std::optional<double> quota_of_version_2(const fs::path& group) {
  std::ifstream file(group / "cpu.max");
  double quota = 0;
  double period = 0;
  if (!(file >> quota >> period)) return std::nullopt;
  return ratio(quota, period);
}

// -1: none.
std::optional<double> quota_of_version_1(const fs::path& group) {
  std::ifstream quota_file(group / "cpu.cfs_quota_us");
  std::ifstream period_file(group / "cpu.cfs_period_us");
  double quota = 0;
  double period = 0;
  if (!(quota_file >> quota) || !(period_file >> period)) return std::nullopt;
  return ratio(quota, period);
}

void take_least(std::optional<double>& least, std::optional<double> other) {
  if (other) least = std::min(least.value_or(*other), *other);
}

// Of `group`, a path below `mounted`, and of those above. In a container the path may be the host's; those above are
// there.
template <class Quota>
void look_in(const fs::path& mounted, fs::path group, Quota quota, std::optional<double>& least) {
  for (group = group.relative_path(); !group.empty(); group = group.parent_path())
    take_least(least, quota(mounted / group));
  take_least(least, quota(mounted));
}

bool has_controller(const std::string& controllers, const std::string& controller) {
  return (',' + controllers + ',').find(',' + controller + ',') != std::string::npos;
}

}  // namespace

std::optional<double> cpu_quota(const std::string& root) {
  const fs::path mounted = root + "/sys/fs/cgroup";
  std::optional<double> least;
  std::ifstream groups(root + "/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {  // "NUMBER:CONTROLLERS:PATH"; of version 2 there are none
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == line.npos || second == line.npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const fs::path group = line.substr(second + 1);
    if (controllers.empty()) look_in(mounted, group, quota_of_version_2, least);
    if (has_controller(controllers, "cpu")) look_in(mounted / controllers, group, quota_of_version_1, least);
  }
  return least;
}

int usable_cpus(int allowed, std::optional<double> quota) {
  const double most = quota.value_or(allowed);
  return std::max(1, most < allowed ? static_cast<int>(most) : allowed);
}

int usable_cpus() { return usable_cpus(allowed_cpus(), cpu_quota()); }

}  // namespace tpfuzz
