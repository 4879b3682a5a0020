/* SPDX-License-Identifier: MIT */
#ifndef MINIATURE_TRACEPOINT_DEFS_H
#define MINIATURE_TRACEPOINT_DEFS_H
#include <linux/static_key.h>
#include <linux/types.h>

struct tracepoint_func {
  void* func;
  void* data;
  int prio;
};

struct tracepoint {
  struct static_key_false key;
  struct static_call_key* call;
  void* trampoline;
  void* iterator;
  int (*enable)(void);
  void (*disable)(void);
  bool faultable;
  struct tracepoint_func __rcu* funcs;
};

#endif
