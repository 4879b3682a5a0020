#ifndef TPFUZZ_LINUX_SCHED_SIGNAL_H
#define TPFUZZ_LINUX_SCHED_SIGNAL_H
#include <linux/types.h>
#endif
