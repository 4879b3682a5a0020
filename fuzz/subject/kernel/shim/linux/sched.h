#ifndef TPFUZZ_LINUX_SCHED_H
#define TPFUZZ_LINUX_SCHED_H
#include <linux/types.h>
#endif
