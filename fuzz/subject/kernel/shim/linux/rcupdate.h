/* RCU. A section of a domain is waited for by the grace periods of that domain, and of no other. */
#ifndef TPFUZZ_LINUX_RCUPDATE_H
#define TPFUZZ_LINUX_RCUPDATE_H

#define rcu_assign_pointer(pointer, value) smp_store_release(&(pointer), (__typeof__(pointer))(value))
#define RCU_INIT_POINTER(pointer, value) rcu_assign_pointer(pointer, value)

#define rcu_dereference_raw(pointer)                                                  \
  ({                                                                                  \
    TPFUZZ_ASK(dereferences);                                                         \
    __typeof__(pointer) tpfuzz_value = __atomic_load_n(&(pointer), __ATOMIC_ACQUIRE); \
    TPFUZZ_ASK(dereferenced, tpfuzz_value);                                           \
    tpfuzz_value;                                                                     \
  })
#define rcu_dereference(pointer) rcu_dereference_raw(pointer)
#define rcu_dereference_sched(pointer) rcu_dereference_raw(pointer)
#define rcu_dereference_check(pointer, condition) rcu_dereference_raw(pointer)
#define rcu_dereference_protected(pointer, condition) ((void)(condition), (pointer))
#define rcu_access_pointer(pointer) READ_ONCE(pointer)

static inline void preempt_disable_notrace(void) { TPFUZZ_ASK(enter, TPFUZZ_RCU); }
static inline void preempt_enable_notrace(void) { TPFUZZ_ASK(leave, TPFUZZ_RCU); }
#define preempt_disable() preempt_disable_notrace()
#define preempt_enable() preempt_enable_notrace()
#define rcu_read_lock() preempt_disable_notrace()
#define rcu_read_unlock() preempt_enable_notrace()
#define rcu_read_lock_notrace() preempt_disable_notrace()
#define rcu_read_unlock_notrace() preempt_enable_notrace()
#define rcu_read_lock_sched() preempt_disable_notrace()
#define rcu_read_unlock_sched() preempt_enable_notrace()
#define rcu_read_lock_sched_notrace() preempt_disable_notrace()
#define rcu_read_unlock_sched_notrace() preempt_enable_notrace()
TPFUZZ_GUARD(preempt, int, preempt_disable_notrace(), preempt_enable_notrace())
TPFUZZ_GUARD(preempt_notrace, int, preempt_disable_notrace(), preempt_enable_notrace())
TPFUZZ_GUARD(rcu, int, preempt_disable_notrace(), preempt_enable_notrace())
TPFUZZ_GUARD(migrate, int, , )
#define tpfuzz_take_preempt() tpfuzz_take_preempt(0)
#define tpfuzz_take_preempt_notrace() tpfuzz_take_preempt_notrace(0)
#define tpfuzz_take_rcu() tpfuzz_take_rcu(0)
#define tpfuzz_take_migrate() tpfuzz_take_migrate(0)

/* An idle CPU, on which RCU does not watch: see README.md, `rcuidle`. */
#define rcu_irq_enter_irqson() TPFUZZ_ASK(watch, 1)
#define rcu_irq_exit_irqson() TPFUZZ_ASK(watch, 0)
#define ct_irq_enter_irqson() TPFUZZ_ASK(watch, 1)
#define ct_irq_exit_irqson() TPFUZZ_ASK(watch, 0)
#define rcu_is_watching() 1
#define in_nmi() 0

#ifdef CONFIG_PREEMPT_RT
#define preemptible() 1
#else
#define preemptible() 0
#endif
#define might_fault() ((void)0)
#define might_sleep() ((void)0)

static inline void synchronize_rcu(void) { TPFUZZ_ASK(synchronize, TPFUZZ_RCU); }
#define synchronize_sched() synchronize_rcu()
#define synchronize_rcu_expedited() synchronize_rcu()
static inline unsigned long get_state_synchronize_rcu(void) { return TPFUZZ_ASK(get_state, TPFUZZ_RCU); }
#define start_poll_synchronize_rcu() get_state_synchronize_rcu()
static inline bool poll_state_synchronize_rcu(unsigned long cookie) {
  return TPFUZZ_ASK(poll_state, TPFUZZ_RCU, cookie);
}
static inline void cond_synchronize_rcu(unsigned long cookie) { TPFUZZ_ASK(cond_synchronize, TPFUZZ_RCU, cookie); }

typedef void (*rcu_callback_t)(struct rcu_head* head);
static inline void tpfuzz_call(int domain, struct rcu_head* head, rcu_callback_t function) {
  TPFUZZ_ASK(call, domain, head, (void (*)(void*))function);
}
static inline void call_rcu(struct rcu_head* head, rcu_callback_t function) { tpfuzz_call(TPFUZZ_RCU, head, function); }
#define call_rcu_hurry(head, function) call_rcu(head, function)
#define call_rcu_sched(head, function) call_rcu(head, function)

#endif
