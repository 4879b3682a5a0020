#ifndef TPFUZZ_LINUX_KERNEL_H
#define TPFUZZ_LINUX_KERNEL_H
#include <linux/compiler.h>
#endif
