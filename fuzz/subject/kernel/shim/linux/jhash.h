#ifndef TPFUZZ_LINUX_JHASH_H
#define TPFUZZ_LINUX_JHASH_H
#include <linux/types.h>
#endif
