// One tracepoint, one probe, one hit: exit 0 if the installed library does what it says.
#include <cstdio>

#include "core/tracepoint.h"

TRACEPOINT_DECLARE(consumed, void(int));
TRACEPOINT_DEFINE(consumed);

namespace {

void add(void* sum, int value) { *static_cast<int*>(sum) += value; }

}  // namespace

int main() {
  if (const auto error = tp::prepare()) {
    std::fprintf(stderr, "%s\n", error->c_str());
    return 2;
  }
  const tp::rcu::Thread reader;
  int sum = 0;
  consumed.hit(1);
  if (consumed.register_probe(&add, &sum) != 0) return 3;
  consumed.hit(2);
  if (consumed.unregister_probe(&add, &sum) != 0) return 4;
  consumed.hit(4);
  tp::synchronize();
  if (tp::count_sites().through_trampoline != 0) return 5;
  std::printf("sum %d\n", sum);
  return sum == 2 ? 0 : 1;
}
