#ifndef TPFUZZ_LINUX_CLEANUP_H
#define TPFUZZ_LINUX_CLEANUP_H
#include <linux/compiler.h>
#endif
