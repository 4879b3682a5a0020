/* SPDX-License-Identifier: MIT */
#ifndef MINIATURE_TRACEPOINT_H
#define MINIATURE_TRACEPOINT_H
#include <linux/errno.h>
#include <linux/rcupdate.h>
#include <linux/rcupdate_trace.h>
#include <linux/smp.h>
#include <linux/srcu.h>
#include <linux/static_call.h>
#include <linux/tracepoint-defs.h>

extern struct srcu_struct tracepoint_srcu;

int tracepoint_probe_register_prio(struct tracepoint* tp, void* probe, void* data, int prio);
int tracepoint_probe_unregister(struct tracepoint* tp, void* probe, void* data);

/* Nobody is in a probe that was removed before. */
static inline void tracepoint_synchronize_unregister(void) {
#ifndef MISTAKE_sync_forgets_faultable
  synchronize_rcu_tasks_trace();
#endif
#ifndef MISTAKE_sync_forgets_ordinary
  if (IS_ENABLED(CONFIG_PREEMPT_RT)) synchronize_srcu(&tracepoint_srcu);
  synchronize_rcu();
#endif
}

#define PARAMS(...) __VA_ARGS__
#define TP_PROTO(...) __VA_ARGS__
#define TP_ARGS(...) __VA_ARGS__

/* A reader: the first function directly, or the iterator. */
#define MINIATURE_CALL(name, ...)                                                             \
  do {                                                                                        \
    struct tracepoint_func* miniature_first = rcu_dereference_raw(__tracepoint_##name.funcs); \
    if (miniature_first) {                                                                    \
      void* miniature_data = miniature_first->data;                                           \
      static_call(tp_func_##name)(miniature_data, __VA_ARGS__);                               \
    }                                                                                         \
  } while (0)

#define MINIATURE_DECLARE(name, proto)                     \
  extern int __traceiter_##name(void* data, proto);        \
  DECLARE_STATIC_CALL(tp_func_##name, __traceiter_##name); \
  extern struct tracepoint __tracepoint_##name;

#define TRACE_EVENT(name, proto, args, record, assign, print) \
  MINIATURE_DECLARE(name, PARAMS(proto))                      \
  static inline void trace_##name(proto) {                    \
    if (static_branch_unlikely(&__tracepoint_##name.key)) {   \
      if (IS_ENABLED(CONFIG_PREEMPT_RT) && preemptible()) {   \
        guard(srcu_fast_notrace)(&tracepoint_srcu);           \
        MINIATURE_CALL(name, PARAMS(args));                   \
      } else {                                                \
        guard(preempt_notrace)();                             \
        MINIATURE_CALL(name, PARAMS(args));                   \
      }                                                       \
    }                                                         \
  }

#define TRACE_EVENT_SYSCALL(name, proto, args, record, assign, print, enable, disable) \
  MINIATURE_DECLARE(name, PARAMS(proto))                                               \
  static inline void trace_##name(proto) {                                             \
    might_fault();                                                                     \
    if (static_branch_unlikely(&__tracepoint_##name.key)) {                            \
      guard(rcu_tasks_trace)();                                                        \
      MINIATURE_CALL(name, PARAMS(args));                                              \
    }                                                                                  \
  }

#ifdef MISTAKE_iterator_trusts
#define MINIATURE_IS_THERE(array) 1
#else
#define MINIATURE_IS_THERE(array) (array)
#endif

#define MINIATURE_DEFINE(name, its_enable, its_disable, its_faultable, proto, args) \
  struct tracepoint __tracepoint_##name __section("__tracepoints") = {              \
      .key = STATIC_KEY_FALSE_INIT,                                                 \
      .call = &STATIC_CALL_KEY(tp_func_##name),                                     \
      .trampoline = STATIC_CALL_TRAMP_ADDR(tp_func_##name),                         \
      .iterator = &__traceiter_##name,                                              \
      .enable = its_enable,                                                         \
      .disable = its_disable,                                                       \
      .faultable = its_faultable,                                                   \
  };                                                                                \
  int __traceiter_##name(void* data, proto) {                                       \
    struct tracepoint_func* entry = rcu_dereference_raw(__tracepoint_##name.funcs); \
    if (MINIATURE_IS_THERE(entry)) do {                                             \
        void* func = READ_ONCE(entry->func);                                        \
        data = entry->data;                                                         \
        ((void (*)(void*, proto))func)(data, args);                                 \
      } while ((++entry)->func);                                                    \
    return 0;                                                                       \
  }                                                                                 \
  DEFINE_STATIC_CALL(tp_func_##name, __traceiter_##name);
#define DEFINE_TRACE_FN(name, enable, disable, proto, args) \
  MINIATURE_DEFINE(name, enable, disable, false, PARAMS(proto), PARAMS(args))
#define DEFINE_TRACE_SYSCALL(name, enable, disable, proto, args) \
  MINIATURE_DEFINE(name, enable, disable, true, PARAMS(proto), PARAMS(args))

#endif
