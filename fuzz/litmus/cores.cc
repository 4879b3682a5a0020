#include "fuzz/litmus/cores.h"

#include <pthread.h>
#include <sched.h>

#include <fstream>
#include <map>

namespace tpfuzz::litmus {
namespace {

// The first line of the file that says what the CPU shares with others; "" if there is none.
std::string siblings(int cpu) {
  std::ifstream file("/sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/topology/thread_siblings_list");
  std::string line;
  std::getline(file, line);
  return line;
}

}  // namespace

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  std::map<std::string, std::string> fields;
  for (std::string line; std::getline(file, line) && !line.empty();) {  // of the first CPU
    const auto colon = line.find(": ");
    if (colon != line.npos) fields[line.substr(0, line.find_first_of("\t:"))] = line.substr(colon + 2);
  }
  if (!fields.contains("model name")) return "unknown";
  return fields["model name"] + " (" + fields["vendor_id"] + " family " + fields["cpu family"] + " model " +
         fields["model"] + " stepping " + fields["stepping"] + ")";
}

std::vector<int> usable_cpus() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return {};
  std::vector<int> cpus;
  for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu)
    if (CPU_ISSET(cpu, &set)) cpus.push_back(static_cast<int>(cpu));
  return cpus;
}

std::optional<Pair> pair_of(const std::vector<int>& cpus) {
  if (cpus.size() < 2) return {};
  const std::string first = siblings(cpus[0]);
  for (std::size_t i = 1; i < cpus.size(); ++i)
    if (const std::string other = siblings(cpus[i]); other.empty() || other != first) return Pair{{cpus[0], cpus[i]}};
  return Pair{{cpus[0], cpus[1]}, true};
}

bool bind_to(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(cpu), &set);
  return pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0;
}

}  // namespace tpfuzz::litmus
