// A tracepoint of ours and one of LTTng-UST, for sources that have included both headers.
#pragma once

TPFUZZ_TRACEPOINT_DECLARE(both_ours, void(int));

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunused-function"
LTTNG_UST_TRACEPOINT_EVENT(tpfuzz_order, both_theirs, LTTNG_UST_TP_ARGS(int, number), LTTNG_UST_TP_FIELDS())
#pragma clang diagnostic pop

void pass_ours_first();
void pass_lttng_first();
