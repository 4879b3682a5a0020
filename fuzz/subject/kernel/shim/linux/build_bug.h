#ifndef TPFUZZ_LINUX_BUILD_BUG_H
#define TPFUZZ_LINUX_BUILD_BUG_H
#include <linux/compiler.h>
#endif
