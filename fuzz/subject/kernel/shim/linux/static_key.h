/* Static keys: a branch in the text, patched by the harness; `enabled` counts who wants it. */
#ifndef TPFUZZ_LINUX_STATIC_KEY_H
#define TPFUZZ_LINUX_STATIC_KEY_H
#include <linux/atomic.h>

struct static_key {
  atomic_t enabled;
};
struct static_key_true {
  struct static_key key;
};
struct static_key_false {
  struct static_key key;
};
#define STATIC_KEY_INIT_FALSE {.enabled = {0}}
#define STATIC_KEY_INIT_TRUE {.enabled = {1}}
#define STATIC_KEY_FALSE_INIT {.key = STATIC_KEY_INIT_FALSE}
#define STATIC_KEY_TRUE_INIT {.key = STATIC_KEY_INIT_TRUE}
#define DEFINE_STATIC_KEY_FALSE(name) struct static_key_false name = STATIC_KEY_FALSE_INIT
#define DECLARE_STATIC_KEY_FALSE(name) extern struct static_key_false name

/* A five-byte nop that becomes a jump; the record of it is that of core/static_key.h. */
#define static_key_false(its_key)                            \
  ({                                                         \
    __label__ tpfuzz_on, tpfuzz_behind;                      \
    bool tpfuzz_taken = false;                               \
    __asm__ goto(                                            \
        "1: .byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n"            \
        ".pushsection tpfuzz_key_sites, \"aR\", @progbits\n" \
        ".balign 4\n"                                        \
        ".long 1b - .\n"                                     \
        ".long %l[tpfuzz_on] - .\n"                          \
        ".long %c0 - .\n"                                    \
        ".popsection"                                        \
        :                                                    \
        : "i"(its_key)                                       \
        :                                                    \
        : tpfuzz_on);                                        \
    goto tpfuzz_behind;                                      \
  tpfuzz_on:                                                 \
    TPFUZZ_ASK(keyed);                                       \
    tpfuzz_taken = true;                                     \
  tpfuzz_behind:                                             \
    tpfuzz_taken;                                            \
  })
#define static_branch_unlikely(its_key) static_key_false(its_key)
#define static_branch_likely(its_key) static_key_false(its_key)

/* Of a key of any of the three types. */
#define static_key_enabled(its_key) (atomic_read((atomic_t*)(its_key)) > 0)
#define static_key_count(its_key) atomic_read((atomic_t*)(its_key))

static inline void tpfuzz_enable_key(void* key) {
  if (atomic_read((atomic_t*)key) > 0) {
    WARN_ON(atomic_read((atomic_t*)key) != 1);
    return;
  }
  TPFUZZ_ASK(set_key, key, 1);
  atomic_set((atomic_t*)key, 1);
}
static inline void tpfuzz_disable_key(void* key) {
  if (atomic_read((atomic_t*)key) != 1) {
    WARN_ON(atomic_read((atomic_t*)key) != 0);
    return;
  }
  atomic_set((atomic_t*)key, 0);
  TPFUZZ_ASK(set_key, key, 0);
}
static inline void tpfuzz_count_key(void* key, int more) {
  const int count = atomic_read((atomic_t*)key) + more;
  if (WARN_ON(count < 0)) return;
  if (more < 0) atomic_set((atomic_t*)key, count);
  if (count == (more > 0)) TPFUZZ_ASK(set_key, key, count);
  if (more > 0) atomic_set((atomic_t*)key, count);
}
#define static_key_enable(its_key) tpfuzz_enable_key(its_key)
#define static_key_disable(its_key) tpfuzz_disable_key(its_key)
#define static_branch_enable(its_key) tpfuzz_enable_key(its_key)
#define static_branch_disable(its_key) tpfuzz_disable_key(its_key)
#define static_key_slow_inc(its_key) tpfuzz_count_key(its_key, 1)
#define static_key_slow_dec(its_key) tpfuzz_count_key(its_key, -1)
#define static_branch_inc(its_key) tpfuzz_count_key(its_key, 1)
#define static_branch_dec(its_key) tpfuzz_count_key(its_key, -1)

#endif
