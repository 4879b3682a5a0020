#ifndef TPFUZZ_LINUX_ATOMIC_H
#define TPFUZZ_LINUX_ATOMIC_H

typedef struct {
  int counter;
} atomic_t;
#define ATOMIC_INIT(value) {value}
#define atomic_read(atomic) READ_ONCE((atomic)->counter)
#define atomic_set(atomic, value) WRITE_ONCE((atomic)->counter, value)
#define atomic_inc_return(atomic) __atomic_add_fetch(&(atomic)->counter, 1, __ATOMIC_SEQ_CST)
#define atomic_dec_return(atomic) __atomic_sub_fetch(&(atomic)->counter, 1, __ATOMIC_SEQ_CST)
#define atomic_inc(atomic) ((void)atomic_inc_return(atomic))
#define atomic_dec(atomic) ((void)atomic_dec_return(atomic))
#define atomic_dec_and_test(atomic) (atomic_dec_return(atomic) == 0)

#endif
