// A program with tracepoints of ours and of LTTng-UST: its sources include the two headers in either order, and the
// program links. LTTng's switch TRACEPOINT_DEFINE, by its older name, is set in this source alone.
#define TRACEPOINT_DEFINE
#define TRACEPOINT_PROBE_DYNAMIC_LINKAGE
#include <lttng/tracepoint.h>
#include <tpfuzz/tracepoint.h>

#include <cstdio>

#include "core/lttng_order_test/events.h"

TPFUZZ_TRACEPOINT_DEFINE(both_ours);

int main() {
  int sum = 0;
  const auto add = [](void* data, int number) { *static_cast<int*>(data) += number; };
  if (both_ours.register_probe(add, &sum) != 0) return 2;
  pass_ours_first();
  pass_lttng_first();
  if (both_ours.unregister_probe(add, &sum) != 0) return 2;
  tpfuzz::synchronize();
  std::printf("sum %d\n", sum);
  return sum == 3 ? 0 : 1;
}
