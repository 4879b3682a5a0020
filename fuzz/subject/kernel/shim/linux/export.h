#ifndef TPFUZZ_LINUX_EXPORT_H
#define TPFUZZ_LINUX_EXPORT_H
#include <linux/compiler.h>
#endif
