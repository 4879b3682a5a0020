#ifndef TPFUZZ_LINUX_NOTIFIER_H
#define TPFUZZ_LINUX_NOTIFIER_H
#include <linux/types.h>
#endif
