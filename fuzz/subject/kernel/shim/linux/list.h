#ifndef TPFUZZ_LINUX_LIST_H
#define TPFUZZ_LINUX_LIST_H
#include <linux/types.h>
#define LIST_HEAD_INIT(name) {&(name), &(name)}
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)
#endif
