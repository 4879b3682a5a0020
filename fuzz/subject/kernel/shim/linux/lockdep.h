#ifndef TPFUZZ_LINUX_LOCKDEP_H
#define TPFUZZ_LINUX_LOCKDEP_H
#include <linux/mutex.h>
#endif
