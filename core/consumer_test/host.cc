// host FILE: has a tracepoint, loads the object FILE, which has one of the same name, and uses both, in turn.
#include <dlfcn.h>

#include <cstdio>

#include "counted.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  int sum = 0;
  if (counted.register_probe(&add_to, &sum) != 0) return 3;
  void* const plugin = dlopen(argv[1], RTLD_NOW | RTLD_NODELETE);
  if (plugin == nullptr) {
    std::fprintf(stderr, "%s\n", dlerror());
    return 4;
  }
  const auto plugin_sum = reinterpret_cast<int (*)()>(dlsym(plugin, "plugin_sum"));
  const int theirs = plugin_sum() + plugin_sum();
  pass(10);
  if (counted.unregister_probe(&add_to, &sum) != 0) return 5;
  const int ours = sum_of_two();
  std::printf("host %d and %d, plugin %d\n", sum, ours, theirs);
  return sum == 10 && ours == 3 && theirs == 6 ? 0 : 1;
}
