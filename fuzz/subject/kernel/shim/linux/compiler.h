/* The kernel's words for the compiler. */
#ifndef TPFUZZ_LINUX_COMPILER_H
#define TPFUZZ_LINUX_COMPILER_H

#define inline inline __attribute__((__always_inline__, __unused__))
#define __always_inline inline
#define noinline __attribute__((__noinline__))
#define __used __attribute__((__used__))
#define __maybe_unused __attribute__((__unused__))
#define __aligned(bytes) __attribute__((__aligned__(bytes)))
#define __section(name) __attribute__((__section__(name)))
#define __packed __attribute__((__packed__))
#define __printf(...)
#define __malloc
#define __must_check
#define __rcu
#define __init
#define __exit
#define __read_mostly
#define __ro_after_init
#define __force
#define __percpu
#define __user
#define notrace
#define noinstr
#define __nocfi
#define fallthrough __attribute__((__fallthrough__))

#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)
#define barrier() __asm__ volatile("" ::: "memory")

#define __PASTE_(a, b) a##b
#define __PASTE(a, b) __PASTE_(a, b)
#include <linux/stringify.h>

#define offsetof(type, member) __builtin_offsetof(type, member)
#define container_of(pointer, type, member) ((type*)((char*)(pointer) - offsetof(type, member)))
#define typeof_member(type, member) __typeof__(((type*)0)->member)
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define BUILD_BUG_ON(condition) _Static_assert(!(condition), #condition)

/* 1 if OPTION is defined as 1, else 0. */
#define TPFUZZ_OPTION_1 0,
#define TPFUZZ_SECOND(ignored, value, ...) value
#define TPFUZZ_CHOOSE(junk) TPFUZZ_SECOND(junk 1, 0, 0)
#define TPFUZZ_IS_ONE_(value) TPFUZZ_CHOOSE(TPFUZZ_OPTION_##value)
#define TPFUZZ_IS_ONE(value) TPFUZZ_IS_ONE_(value)
#define IS_ENABLED(option) TPFUZZ_IS_ONE(option)
#define IS_BUILTIN(option) IS_ENABLED(option)

/* Relaxed atomics: a data race through them is none. */
#define READ_ONCE(x) (*(const volatile __typeof__(x)*)&(x))
#define WRITE_ONCE(x, value) (*(volatile __typeof__(x)*)&(x) = (value))
#define smp_load_acquire(pointer) __atomic_load_n(pointer, __ATOMIC_ACQUIRE)
#define smp_mb() __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define smp_wmb() __atomic_thread_fence(__ATOMIC_RELEASE)
#define smp_rmb() __atomic_thread_fence(__ATOMIC_ACQUIRE)

/* A store-release of an RCU-protected pointer is a publish, whatever the macro. */
#define smp_store_release(pointer, value)                        \
  do {                                                           \
    __typeof__(pointer) tpfuzz_pointer = (pointer);              \
    TPFUZZ_ASK(publishes, tpfuzz_pointer);                       \
    __atomic_store_n(tpfuzz_pointer, (value), __ATOMIC_RELEASE); \
    TPFUZZ_ASK(published, tpfuzz_pointer);                       \
  } while (0)
#define smp_store_mb(x, value)      \
  do {                              \
    smp_store_release(&(x), value); \
    smp_mb();                       \
  } while (0)
#define xchg(pointer, value)                                                                      \
  ({                                                                                              \
    TPFUZZ_ASK(publishes, pointer);                                                               \
    __typeof__(*(pointer)) tpfuzz_before = __atomic_exchange_n(pointer, value, __ATOMIC_SEQ_CST); \
    TPFUZZ_ASK(published, pointer);                                                               \
    tpfuzz_before;                                                                                \
  })

/* The condition, counted each time. */
#define WARN_ON(condition)                                                                                  \
  ({                                                                                                        \
    const int tpfuzz_warns = !!(condition);                                                                 \
    if (unlikely(tpfuzz_warns)) {                                                                           \
      static const struct tpfuzz_warning tpfuzz_warning                                                     \
          __attribute__((section("tpfuzz_warnings"), used, aligned(8))) = {#condition, __FILE__, __LINE__}; \
      TPFUZZ_ASK(warn, &tpfuzz_warning);                                                                    \
    }                                                                                                       \
    unlikely(tpfuzz_warns);                                                                                 \
  })
#define WARN_ON_ONCE(condition) WARN_ON(condition)
#define WARN(condition, ...) WARN_ON(condition)
#define WARN_ONCE(condition, ...) WARN_ON(condition)
#define BUG_ON(condition) ((void)(WARN_ON(condition) && (__builtin_trap(), 0)))
#define BUG() BUG_ON(1)
#define VM_WARN_ON(condition) WARN_ON(condition)

/* One after the other, before the first registration. */
#define TPFUZZ_INITCALL(when, function)                                                                           \
  static int (*const tpfuzz_initcall_##function)(void) __attribute__((section("tpfuzz_initcalls_" when), used)) = \
      &function
#define early_initcall(function) TPFUZZ_INITCALL("0", function)
#define pure_initcall(function) TPFUZZ_INITCALL("0", function)
#define core_initcall(function) TPFUZZ_INITCALL("1", function)
#define postcore_initcall(function) TPFUZZ_INITCALL("2", function)
#define arch_initcall(function) TPFUZZ_INITCALL("3", function)
#define subsys_initcall(function) TPFUZZ_INITCALL("4", function)
#define fs_initcall(function) TPFUZZ_INITCALL("5", function)
#define device_initcall(function) TPFUZZ_INITCALL("6", function)
#define late_initcall(function) TPFUZZ_INITCALL("7", function)
#define __initcall(function) device_initcall(function)

#define EXPORT_SYMBOL(name)
#define EXPORT_SYMBOL_GPL(name)
#define EXPORT_SYMBOL_NS_GPL(name, space)

#define KERN_DEBUG ""
#define KERN_WARNING ""
#define KERN_ERR ""
#define printk(...) ((void)0)
#define pr_debug(...) ((void)0)
#define pr_info(...) ((void)0)
#define pr_warn(...) ((void)0)
#define pr_err(...) ((void)0)

/* guard(NAME)() holds NAME to the end of the block: TPFUZZ_GUARD says how one is taken and given back. */
#define TPFUZZ_GUARD(name, type, take, give)                                         \
  typedef __typeof__(type) tpfuzz_guarded_##name;                                    \
  static inline tpfuzz_guarded_##name tpfuzz_take_##name(tpfuzz_guarded_##name it) { \
    take;                                                                            \
    return it;                                                                       \
  }                                                                                  \
  static inline void tpfuzz_give_##name(tpfuzz_guarded_##name* guarded) {            \
    tpfuzz_guarded_##name it = *guarded;                                             \
    (void)it;                                                                        \
    give;                                                                            \
  }
#define TPFUZZ_GUARDED_(name, number) \
  tpfuzz_guarded_##name tpfuzz_guard_##number __attribute__((cleanup(tpfuzz_give_##name), unused)) = tpfuzz_take_##name
#define TPFUZZ_GUARDED(name, number) TPFUZZ_GUARDED_(name, number)
#define guard(name) TPFUZZ_GUARDED(name, __COUNTER__)

#endif
