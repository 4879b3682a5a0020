#ifndef TPFUZZ_LINUX_STRING_H
#define TPFUZZ_LINUX_STRING_H
#include <linux/types.h>
#endif
