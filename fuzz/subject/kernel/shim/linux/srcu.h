/* SRCU. A tree has one srcu_struct, the tracepoints': it is one domain. */
#ifndef TPFUZZ_LINUX_SRCU_H
#define TPFUZZ_LINUX_SRCU_H
#include <linux/rcupdate.h>

struct srcu_struct {
  int it_has_no_state_of_its_own;
};
struct srcu_ctr;
#define DEFINE_SRCU(name) struct srcu_struct name = {0}
#define DEFINE_STATIC_SRCU(name) static DEFINE_SRCU(name)
#define DEFINE_SRCU_FAST(name) DEFINE_SRCU(name)
#define DEFINE_STATIC_SRCU_FAST(name) static DEFINE_SRCU(name)

static inline int srcu_read_lock(struct srcu_struct* srcu) {
  TPFUZZ_ASK(enter, TPFUZZ_SRCU);
  return 0;
}
static inline void srcu_read_unlock(struct srcu_struct* srcu, int index) { TPFUZZ_ASK(leave, TPFUZZ_SRCU); }
#define srcu_read_lock_notrace(srcu) srcu_read_lock(srcu)
#define srcu_read_unlock_notrace(srcu, index) srcu_read_unlock(srcu, index)
TPFUZZ_GUARD(srcu, struct srcu_struct*, srcu_read_lock(it), srcu_read_unlock(it, 0))
TPFUZZ_GUARD(srcu_fast, struct srcu_struct*, srcu_read_lock(it), srcu_read_unlock(it, 0))
TPFUZZ_GUARD(srcu_fast_notrace, struct srcu_struct*, srcu_read_lock(it), srcu_read_unlock(it, 0))

static inline void synchronize_srcu(struct srcu_struct* srcu) { TPFUZZ_ASK(synchronize, TPFUZZ_SRCU); }
#define synchronize_srcu_expedited(srcu) synchronize_srcu(srcu)
static inline void call_srcu(struct srcu_struct* srcu, struct rcu_head* head, rcu_callback_t function) {
  tpfuzz_call(TPFUZZ_SRCU, head, function);
}
static inline unsigned long get_state_synchronize_srcu(struct srcu_struct* srcu) {
  return TPFUZZ_ASK(get_state, TPFUZZ_SRCU);
}
static inline unsigned long start_poll_synchronize_srcu(struct srcu_struct* srcu) {
  return TPFUZZ_ASK(get_state, TPFUZZ_SRCU);
}
static inline bool poll_state_synchronize_srcu(struct srcu_struct* srcu, unsigned long cookie) {
  return TPFUZZ_ASK(poll_state, TPFUZZ_SRCU, cookie);
}

#endif
