#ifndef TPFUZZ_LINUX_KALLSYMS_H
#define TPFUZZ_LINUX_KALLSYMS_H
#include <linux/types.h>
#endif
