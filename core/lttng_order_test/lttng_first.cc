#include <lttng/tracepoint.h>
// After LTTng's.
#include <tpfuzz/tracepoint.h>

#include "core/lttng_order_test/events.h"

void pass_lttng_first() {
  both_ours.hit(2);
  lttng_ust_tracepoint(tpfuzz_order, both_theirs, 2);
}
