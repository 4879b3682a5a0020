/* An error as a pointer: the last page of the address space holds nothing. */
#ifndef TPFUZZ_LINUX_ERR_H
#define TPFUZZ_LINUX_ERR_H
#include <linux/errno.h>

#define IS_ERR_VALUE(value) unlikely((unsigned long)(value) >= (unsigned long)-4095)
static inline void* ERR_PTR(long error) { return (void*)error; }
static inline long PTR_ERR(const void* pointer) { return (long)pointer; }
static inline bool IS_ERR(const void* pointer) { return IS_ERR_VALUE(pointer); }
static inline bool IS_ERR_OR_NULL(const void* pointer) { return !pointer || IS_ERR(pointer); }
static inline int PTR_ERR_OR_ZERO(const void* pointer) { return IS_ERR(pointer) ? (int)PTR_ERR(pointer) : 0; }
#endif
