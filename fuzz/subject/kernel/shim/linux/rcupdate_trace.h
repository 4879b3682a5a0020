/* RCU tasks trace: the readers may fault and sleep. */
#ifndef TPFUZZ_LINUX_RCUPDATE_TRACE_H
#define TPFUZZ_LINUX_RCUPDATE_TRACE_H
#include <linux/rcupdate.h>

static inline void rcu_read_lock_trace(void) { TPFUZZ_ASK(enter, TPFUZZ_TASKS_TRACE); }
static inline void rcu_read_unlock_trace(void) { TPFUZZ_ASK(leave, TPFUZZ_TASKS_TRACE); }
#define rcu_read_lock_tasks_trace() rcu_read_lock_trace()
#define rcu_read_unlock_tasks_trace() rcu_read_unlock_trace()
TPFUZZ_GUARD(rcu_tasks_trace, int, rcu_read_lock_trace(), rcu_read_unlock_trace())
#define tpfuzz_take_rcu_tasks_trace() tpfuzz_take_rcu_tasks_trace(0)

static inline void synchronize_rcu_tasks_trace(void) { TPFUZZ_ASK(synchronize, TPFUZZ_TASKS_TRACE); }
static inline void call_rcu_tasks_trace(struct rcu_head* head, rcu_callback_t function) {
  tpfuzz_call(TPFUZZ_TASKS_TRACE, head, function);
}
static inline unsigned long get_state_synchronize_rcu_tasks_trace(void) {
  return TPFUZZ_ASK(get_state, TPFUZZ_TASKS_TRACE);
}
#define start_poll_synchronize_rcu_tasks_trace() get_state_synchronize_rcu_tasks_trace()
static inline bool poll_state_synchronize_rcu_tasks_trace(unsigned long cookie) {
  return TPFUZZ_ASK(poll_state, TPFUZZ_TASKS_TRACE, cookie);
}
static inline void cond_synchronize_rcu_tasks_trace(unsigned long cookie) {
  TPFUZZ_ASK(cond_synchronize, TPFUZZ_TASKS_TRACE, cookie);
}

#endif
