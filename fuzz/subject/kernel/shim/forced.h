/* Included before everything else, as the kernel's build does with its configuration and its compiler's words. */
#ifndef TPFUZZ_KERNEL_FORCED_H
#define TPFUZZ_KERNEL_FORCED_H

#define CONFIG_TRACEPOINTS 1
#define CONFIG_SMP 1
#define CONFIG_HAVE_STATIC_CALL 1
#define CONFIG_HAVE_ARCH_PREL32_RELOCATIONS 1

#include "interface.h"

/* Nothing of the library is seen from outside: so that calls and keys have addresses that the linker knows. */
#pragma GCC visibility push(hidden)

/* What the tree asks (interface.h), in functions that the compiler does not watch (ask.c). */
#define TPFUZZ_ASK(function, ...) tpfuzz_ask_##function(__VA_ARGS__)
void tpfuzz_ask_lock(const void* mutex);
void tpfuzz_ask_unlock(const void* mutex);
void tpfuzz_ask_enter(int domain);
void tpfuzz_ask_leave(int domain);
void tpfuzz_ask_watch(int on);
void tpfuzz_ask_synchronize(int domain);
unsigned long tpfuzz_ask_get_state(int domain);
int tpfuzz_ask_poll_state(int domain, unsigned long cookie);
void tpfuzz_ask_cond_synchronize(int domain, unsigned long cookie);
void tpfuzz_ask_call(int domain, void* head, void (*function)(void* head));
void* tpfuzz_ask_allocate(unsigned long size);
void tpfuzz_ask_release(const void* block);
void tpfuzz_ask_publishes(const void* pointer);
void tpfuzz_ask_published(const void* pointer);
void tpfuzz_ask_dereferences(void);
void tpfuzz_ask_dereferenced(const void* value);
void tpfuzz_ask_keyed(void);
void tpfuzz_ask_loaded(void);
void tpfuzz_ask_set_key(const void* key, int on);
void tpfuzz_ask_update_call(const void* key, void* function);
void tpfuzz_ask_warn(const struct tpfuzz_warning* warning);
int tpfuzz_ask_hook(int on);

#include <linux/compiler.h>
#include <linux/types.h>

#endif
