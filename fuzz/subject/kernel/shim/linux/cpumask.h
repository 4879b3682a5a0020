#ifndef TPFUZZ_LINUX_CPUMASK_H
#define TPFUZZ_LINUX_CPUMASK_H
#include <linux/smp.h>
#endif
