/* What the tree asks goes through here to the harness, and what the compiler tells of. Nothing here is watched itself.
 */
extern struct tpfuzz_harness tpfuzz_harness;
#define TPFUZZ_UNSEEN __attribute__((no_sanitize("coverage", "thread", "address")))

TPFUZZ_UNSEEN void tpfuzz_ask_lock(const void* mutex) { tpfuzz_harness.lock(tpfuzz_harness.tree, mutex); }
TPFUZZ_UNSEEN void tpfuzz_ask_unlock(const void* mutex) { tpfuzz_harness.unlock(tpfuzz_harness.tree, mutex); }
TPFUZZ_UNSEEN void tpfuzz_ask_enter(int domain) { tpfuzz_harness.enter(tpfuzz_harness.tree, domain); }
TPFUZZ_UNSEEN void tpfuzz_ask_leave(int domain) { tpfuzz_harness.leave(tpfuzz_harness.tree, domain); }
TPFUZZ_UNSEEN void tpfuzz_ask_watch(int on) { tpfuzz_harness.watch(tpfuzz_harness.tree, on); }
TPFUZZ_UNSEEN void tpfuzz_ask_synchronize(int domain) { tpfuzz_harness.synchronize(tpfuzz_harness.tree, domain); }
TPFUZZ_UNSEEN unsigned long tpfuzz_ask_get_state(int domain) {
  return tpfuzz_harness.get_state(tpfuzz_harness.tree, domain);
}
TPFUZZ_UNSEEN int tpfuzz_ask_poll_state(int domain, unsigned long cookie) {
  return tpfuzz_harness.poll_state(tpfuzz_harness.tree, domain, cookie);
}
TPFUZZ_UNSEEN void tpfuzz_ask_cond_synchronize(int domain, unsigned long cookie) {
  tpfuzz_harness.cond_synchronize(tpfuzz_harness.tree, domain, cookie);
}
TPFUZZ_UNSEEN void tpfuzz_ask_call(int domain, void* head, void (*function)(void* head)) {
  tpfuzz_harness.call(tpfuzz_harness.tree, domain, head, function);
}
TPFUZZ_UNSEEN void* tpfuzz_ask_allocate(unsigned long size) {
  return tpfuzz_harness.allocate(tpfuzz_harness.tree, size);
}
TPFUZZ_UNSEEN void tpfuzz_ask_release(const void* block) { tpfuzz_harness.release(tpfuzz_harness.tree, block); }
TPFUZZ_UNSEEN void tpfuzz_ask_publishes(const void* pointer) { tpfuzz_harness.publishes(tpfuzz_harness.tree, pointer); }
TPFUZZ_UNSEEN void tpfuzz_ask_published(const void* pointer) { tpfuzz_harness.published(tpfuzz_harness.tree, pointer); }
TPFUZZ_UNSEEN void tpfuzz_ask_dereferences(void) { tpfuzz_harness.dereferences(tpfuzz_harness.tree); }
TPFUZZ_UNSEEN void tpfuzz_ask_dereferenced(const void* value) {
  tpfuzz_harness.dereferenced(tpfuzz_harness.tree, value);
}
TPFUZZ_UNSEEN void tpfuzz_ask_keyed(void) { tpfuzz_harness.keyed(tpfuzz_harness.tree); }
TPFUZZ_UNSEEN void tpfuzz_ask_loaded(void) { tpfuzz_harness.loaded(tpfuzz_harness.tree); }
TPFUZZ_UNSEEN void tpfuzz_ask_set_key(const void* key, int on) { tpfuzz_harness.set_key(tpfuzz_harness.tree, key, on); }
TPFUZZ_UNSEEN void tpfuzz_ask_update_call(const void* key, void* function) {
  tpfuzz_harness.update_call(tpfuzz_harness.tree, key, function);
}
TPFUZZ_UNSEEN void tpfuzz_ask_warn(const struct tpfuzz_warning* warning) {
  tpfuzz_harness.warn(tpfuzz_harness.tree, warning);
}
TPFUZZ_UNSEEN int tpfuzz_ask_hook(int on) { return tpfuzz_harness.hook(tpfuzz_harness.tree, on); }

/* What the compiler calls before each plain access, of the tree's file and of the readers. */
#define TPFUZZ_ACCESS(bytes)                                             \
  void __sanitizer_cov_load##bytes(const void* address);                 \
  void __sanitizer_cov_store##bytes(const void* address);                \
  TPFUZZ_UNSEEN void __sanitizer_cov_load##bytes(const void* address) {  \
    tpfuzz_harness.loads(tpfuzz_harness.tree, address);                  \
  }                                                                      \
  TPFUZZ_UNSEEN void __sanitizer_cov_store##bytes(const void* address) { \
    tpfuzz_harness.stores(tpfuzz_harness.tree, address);                 \
  }
TPFUZZ_ACCESS(1)
TPFUZZ_ACCESS(2)
TPFUZZ_ACCESS(4)
TPFUZZ_ACCESS(8)
TPFUZZ_ACCESS(16)
void __sanitizer_cov_trace_pc_indir(unsigned long target);
TPFUZZ_UNSEEN void __sanitizer_cov_trace_pc_indir(unsigned long target) { tpfuzz_harness.calls(tpfuzz_harness.tree); }
