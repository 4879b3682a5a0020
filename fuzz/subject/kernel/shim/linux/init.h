#ifndef TPFUZZ_LINUX_INIT_H
#define TPFUZZ_LINUX_INIT_H
#include <linux/compiler.h>
#endif
