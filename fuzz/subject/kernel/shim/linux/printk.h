#ifndef TPFUZZ_LINUX_PRINTK_H
#define TPFUZZ_LINUX_PRINTK_H
#include <linux/compiler.h>
#endif
