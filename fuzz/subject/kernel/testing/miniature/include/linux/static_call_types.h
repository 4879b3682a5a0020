/* SPDX-License-Identifier: MIT */
#ifndef MINIATURE_STATIC_CALL_TYPES_H
#define MINIATURE_STATIC_CALL_TYPES_H
#include <linux/stringify.h>
#include <linux/types.h>

struct static_call_key {
  void* func;
};
#define STATIC_CALL_KEY(name) __PASTE(miniature_call_, name)
#define STATIC_CALL_TRAMP(name) __PASTE(miniature_trampoline_, name)
#define STATIC_CALL_TRAMP_STR(name) __stringify(STATIC_CALL_TRAMP(name))
#define DECLARE_STATIC_CALL(name, function)            \
  extern struct static_call_key STATIC_CALL_KEY(name); \
  extern __typeof__(function) STATIC_CALL_TRAMP(name);
#define static_call(name) (&STATIC_CALL_TRAMP(name))

#endif
