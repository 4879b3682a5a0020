#ifndef TPFUZZ_LINUX_SCHED_TASK_H
#define TPFUZZ_LINUX_SCHED_TASK_H
#include <linux/types.h>
#endif
