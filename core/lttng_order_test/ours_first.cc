#include <tpfuzz/tracepoint.h>
// After ours.
#include <lttng/tracepoint.h>

#include "core/lttng_order_test/events.h"

void pass_ours_first() {
  both_ours.hit(1);
  lttng_ust_tracepoint(tpfuzz_order, both_theirs, 1);
}
