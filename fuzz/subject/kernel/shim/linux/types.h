#ifndef TPFUZZ_LINUX_TYPES_H
#define TPFUZZ_LINUX_TYPES_H

typedef signed char s8;
typedef unsigned char u8;
typedef short s16;
typedef unsigned short u16;
typedef int s32;
typedef unsigned int u32;
typedef long long s64;
typedef unsigned long long u64;
typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
typedef long ssize_t;
typedef unsigned long uintptr_t;
typedef unsigned int gfp_t;
typedef _Bool bool;
enum { false, true };
#define NULL ((void*)0)

struct list_head {
  struct list_head *next, *prev;
};

/* What call_rcu queues: it is the tree's, and no one else's, until its function is called. */
struct rcu_head {
  struct rcu_head* next;
  void (*func)(struct rcu_head* head);
};
#define callback_head rcu_head

static inline void* offset_to_ptr(const int* offset) { return (void*)((unsigned long)offset + *offset); }

#pragma GCC visibility push(default)
void* memcpy(void* to, const void* from, size_t size);
void* memmove(void* to, const void* from, size_t size);
void* memset(void* to, int byte, size_t size);
#pragma GCC visibility pop

#endif
