#ifndef TPFUZZ_LINUX_RCUPDATE_WAIT_H
#define TPFUZZ_LINUX_RCUPDATE_WAIT_H
#include <linux/rcupdate.h>
#endif
