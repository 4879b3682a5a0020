#ifndef TPFUZZ_LINUX_MODULE_H
#define TPFUZZ_LINUX_MODULE_H
#include <linux/list.h>
#endif
