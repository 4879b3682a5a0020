/* A mutex: who finds it taken waits. */
#ifndef TPFUZZ_LINUX_MUTEX_H
#define TPFUZZ_LINUX_MUTEX_H

struct mutex {
  int it_has_no_state_of_its_own;
};
#define DEFINE_MUTEX(name) struct mutex name = {0}
#define mutex_init(mutex) ((void)(mutex))
#define lockdep_is_held(mutex) ((void)(mutex), 1)
#define lockdep_assert_held(mutex) ((void)(mutex))

static inline void mutex_lock(struct mutex* mutex) { TPFUZZ_ASK(lock, mutex); }
static inline void mutex_unlock(struct mutex* mutex) { TPFUZZ_ASK(unlock, mutex); }
#define mutex_lock_nested(mutex, subclass) mutex_lock(mutex)
TPFUZZ_GUARD(mutex, struct mutex*, mutex_lock(it), mutex_unlock(it))

#endif
