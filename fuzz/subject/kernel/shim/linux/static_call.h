/* Static calls: the tree's own types and names, and the harness's patcher. */
#ifndef TPFUZZ_LINUX_STATIC_CALL_H
#define TPFUZZ_LINUX_STATIC_CALL_H
#include <linux/static_call_types.h>

#ifndef DECLARE_STATIC_CALL
#define DECLARE_STATIC_CALL(name, func)                \
  extern struct static_call_key STATIC_CALL_KEY(name); \
  extern __typeof__(func) STATIC_CALL_TRAMP(name);
#endif
#ifndef TPFUZZ_TREE_HAS_STATIC_CALL_KEY
struct static_call_key {
  void* func;
};
#endif

/* The function's entry is a jump of five bytes, which the harness writes before anything calls it. */
#define DEFINE_STATIC_CALL(name, its_func)                            \
  DECLARE_STATIC_CALL(name, its_func);                                \
  struct static_call_key STATIC_CALL_KEY(name) = {.func = &its_func}; \
  __asm__(                                                              \
      ".pushsection .text, \"ax\", @progbits\n"                         \
      ".hidden " STATIC_CALL_TRAMP_STR(name) "\n"                       \
      ".globl " STATIC_CALL_TRAMP_STR(name) "\n"                        \
      ".type " STATIC_CALL_TRAMP_STR(name) ", @function\n"              \
      STATIC_CALL_TRAMP_STR(name) ": .byte 0x0f, 0x0b, 0xcc, 0xcc, 0xcc\n" \
      ".size " STATIC_CALL_TRAMP_STR(name) ", 5\n"                      \
      ".popsection")
#define STATIC_CALL_TRAMP_ADDR(name) (&STATIC_CALL_TRAMP(name))
#define EXPORT_STATIC_CALL(name)
#define EXPORT_STATIC_CALL_GPL(name)

/* The arguments that come from memory are loaded by now: a statement before the call loads them. */
#undef static_call
#define static_call(name)     \
  ({                          \
    TPFUZZ_ASK(loaded);       \
    &STATIC_CALL_TRAMP(name); \
  })

static inline void __static_call_update(struct static_call_key* key, void* trampoline, void* func) {
  key->func = func;
  TPFUZZ_ASK(update_call, key, func);
}
#define static_call_update(name, func) __static_call_update(&STATIC_CALL_KEY(name), STATIC_CALL_TRAMP_ADDR(name), func)
#define static_call_query(name) (STATIC_CALL_KEY(name).func)

#endif
