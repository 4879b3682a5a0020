#ifndef TPFUZZ_LINUX_PREEMPT_H
#define TPFUZZ_LINUX_PREEMPT_H
#include <linux/rcupdate.h>
#endif
