/* Four tracepoints of the tree, of two call sites each, by the tree's own macros; and four more with faultable readers,
 * of a tree that has them. What the harness asks of the tree stands at the end. */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/tracepoint.h>

struct tpfuzz_harness tpfuzz_harness;

static int tpfuzz_enable(void) { return TPFUZZ_ASK(hook, 1); }
static void tpfuzz_disable(void) { TPFUZZ_ASK(hook, 0); }

/* A tracepoint of the kernel has an argument at least. */
#define TPFUZZ_PLAIN_PROTO TP_PROTO(int nothing)
#define TPFUZZ_PLAIN_ARGS TP_ARGS(nothing)
#define TPFUZZ_FULL_PROTO                                                                                \
  TP_PROTO(unsigned long a, unsigned long b, unsigned long c, void* token, unsigned long d, double real, \
           unsigned long e)
#define TPFUZZ_FULL_ARGS TP_ARGS(a, b, c, token, d, real, e)

#define TPFUZZ_ORDINARY(name, proto, args)             \
  TRACE_EVENT(name, PARAMS(proto), PARAMS(args), , , ) \
  DEFINE_TRACE_FN(name, tpfuzz_enable, tpfuzz_disable, PARAMS(proto), PARAMS(args))
TPFUZZ_ORDINARY(tpfuzz_0, TPFUZZ_PLAIN_PROTO, TPFUZZ_PLAIN_ARGS)
TPFUZZ_ORDINARY(tpfuzz_1, TPFUZZ_PLAIN_PROTO, TPFUZZ_PLAIN_ARGS)
TPFUZZ_ORDINARY(tpfuzz_2, TPFUZZ_PLAIN_PROTO, TPFUZZ_PLAIN_ARGS)
TPFUZZ_ORDINARY(tpfuzz_3, TPFUZZ_FULL_PROTO, TPFUZZ_FULL_ARGS)

#ifdef DEFINE_TRACE_SYSCALL
#define TPFUZZ_FAULTABLE(name, proto, args)                                                   \
  TRACE_EVENT_SYSCALL(name, PARAMS(proto), PARAMS(args), , , , tpfuzz_enable, tpfuzz_disable) \
  DEFINE_TRACE_SYSCALL(name, tpfuzz_enable, tpfuzz_disable, PARAMS(proto), PARAMS(args))
TPFUZZ_FAULTABLE(tpfuzz_faultable_0, TPFUZZ_PLAIN_PROTO, TPFUZZ_PLAIN_ARGS)
TPFUZZ_FAULTABLE(tpfuzz_faultable_1, TPFUZZ_PLAIN_PROTO, TPFUZZ_PLAIN_ARGS)
TPFUZZ_FAULTABLE(tpfuzz_faultable_2, TPFUZZ_PLAIN_PROTO, TPFUZZ_PLAIN_ARGS)
TPFUZZ_FAULTABLE(tpfuzz_faultable_3, TPFUZZ_FULL_PROTO, TPFUZZ_FULL_ARGS)
#endif

/* A call site: a function of its own, in a section that the harness looks through for the calls. It shares no cache
 * line with other code. */
#define TPFUZZ_SITE(name, number, call)                                                                           \
  __attribute__((__noinline__, aligned(64), section("tpfuzz_passes"))) static void tpfuzz_pass_##name##_##number( \
      const struct tpfuzz_arguments* arguments) {                                                                 \
    call;                                                                                                         \
  }
#define TPFUZZ_FULL(call) \
  call(arguments->a, arguments->b, arguments->c, arguments->token, arguments->d, arguments->real, arguments->e)
#define TPFUZZ_SITES(name, one, other) \
  TPFUZZ_SITE(name, 0, one)            \
  TPFUZZ_SITE(name, 1, other)

/* The second call site of an ordinary tracepoint is an idle CPU's, in a tree that has such readers. */
#ifdef __DECLARE_TRACE_RCU
#define TPFUZZ_SECOND_IS_IDLE 1
#define TPFUZZ_SECOND(name) trace_##name##_rcuidle
#else
#define TPFUZZ_SECOND_IS_IDLE 0
#define TPFUZZ_SECOND(name) trace_##name
#endif
TPFUZZ_SITES(tpfuzz_0, trace_tpfuzz_0(0), TPFUZZ_SECOND(tpfuzz_0)(0))
TPFUZZ_SITES(tpfuzz_1, trace_tpfuzz_1(0), TPFUZZ_SECOND(tpfuzz_1)(0))
TPFUZZ_SITES(tpfuzz_2, trace_tpfuzz_2(0), TPFUZZ_SECOND(tpfuzz_2)(0))
TPFUZZ_SITES(tpfuzz_3, TPFUZZ_FULL(trace_tpfuzz_3), TPFUZZ_FULL(TPFUZZ_SECOND(tpfuzz_3)))
#ifdef DEFINE_TRACE_SYSCALL
#define TPFUZZ_BOTH(name, call) TPFUZZ_SITES(name, call, call)
TPFUZZ_BOTH(tpfuzz_faultable_0, trace_tpfuzz_faultable_0(0))
TPFUZZ_BOTH(tpfuzz_faultable_1, trace_tpfuzz_faultable_1(0))
TPFUZZ_BOTH(tpfuzz_faultable_2, trace_tpfuzz_faultable_2(0))
TPFUZZ_BOTH(tpfuzz_faultable_3, TPFUZZ_FULL(trace_tpfuzz_faultable_3))
#endif

static int tpfuzz_add(void* tracepoint, void* func, void* data, int prio) {
  return tracepoint_probe_register_prio(tracepoint, func, data, prio);
}

static int tpfuzz_remove(void* tracepoint, void* func, void* data) {
  return tracepoint_probe_unregister(tracepoint, func, data);
}

/* Ordinary readers are in RCU, in SRCU, or in both. A tree need not have the SRCU. */
extern __attribute__((weak)) struct srcu_struct tracepoint_srcu;
static void tpfuzz_synchronize_ordinary(void) {
  if (&tracepoint_srcu != NULL) synchronize_srcu(&tracepoint_srcu);
  synchronize_rcu();
}

#ifdef DEFINE_TRACE_SYSCALL
static void tpfuzz_synchronize_faultable(void) { synchronize_rcu_tasks_trace(); }
#endif

/* Not the tree's own code: its accesses are no points. */
#define TPFUZZ_UNSEEN __attribute__((no_sanitize("coverage", "thread", "address")))

TPFUZZ_UNSEEN static const void* tpfuzz_array(const void* tracepoint) {
  return ((const struct tracepoint*)tracepoint)->funcs;
}

TPFUZZ_UNSEEN static int tpfuzz_entry(const void* array, int index, struct tpfuzz_entry* entry) {
  const struct tracepoint_func* its = (const struct tracepoint_func*)array + index;
  if (its->func == NULL) return 0;
  entry->func = its->func;
  entry->data = its->data;
  entry->prio = its->prio;
  return 1;
}

/* A section that a tree leaves empty has no begin. */
#define TPFUZZ_BOUNDS(type, section)                     \
  extern __attribute__((weak)) type __start_##section[]; \
  extern __attribute__((weak)) type __stop_##section[];
TPFUZZ_BOUNDS(const struct tpfuzz_key_site, tpfuzz_key_sites)
TPFUZZ_BOUNDS(const struct tpfuzz_warning, tpfuzz_warnings)
TPFUZZ_BOUNDS(const char, tpfuzz_passes)
typedef int (*tpfuzz_initcall)(void);
TPFUZZ_BOUNDS(const tpfuzz_initcall, tpfuzz_initcalls_0)
TPFUZZ_BOUNDS(const tpfuzz_initcall, tpfuzz_initcalls_1)
TPFUZZ_BOUNDS(const tpfuzz_initcall, tpfuzz_initcalls_2)
TPFUZZ_BOUNDS(const tpfuzz_initcall, tpfuzz_initcalls_3)
TPFUZZ_BOUNDS(const tpfuzz_initcall, tpfuzz_initcalls_4)
TPFUZZ_BOUNDS(const tpfuzz_initcall, tpfuzz_initcalls_5)
TPFUZZ_BOUNDS(const tpfuzz_initcall, tpfuzz_initcalls_6)
TPFUZZ_BOUNDS(const tpfuzz_initcall, tpfuzz_initcalls_7)

static int tpfuzz_initialise(void) {
  static const struct {
    const tpfuzz_initcall *first, *end;
  } levels[] = {
#define TPFUZZ_LEVEL(number) {__start_tpfuzz_initcalls_##number, __stop_tpfuzz_initcalls_##number}
      TPFUZZ_LEVEL(0), TPFUZZ_LEVEL(1), TPFUZZ_LEVEL(2), TPFUZZ_LEVEL(3),
      TPFUZZ_LEVEL(4), TPFUZZ_LEVEL(5), TPFUZZ_LEVEL(6), TPFUZZ_LEVEL(7)};
  for (size_t level = 0; level < ARRAY_SIZE(levels); ++level)
    for (const tpfuzz_initcall* call = levels[level].first; call != levels[level].end; ++call)
      if ((*call)() != 0) return -1;
  return 0;
}

#define TPFUZZ_ROW(name, idle)                                  \
  {.tracepoint = &__tracepoint_##name,                          \
   .key = &__tracepoint_##name.key,                             \
   .call = &STATIC_CALL_KEY(tp_func_##name),                    \
   .trampoline = STATIC_CALL_TRAMP_ADDR(tp_func_##name),        \
   .iterator = &__traceiter_##name,                             \
   .funcs = &__tracepoint_##name.funcs,                         \
   .sites = {&tpfuzz_pass_##name##_0, &tpfuzz_pass_##name##_1}, \
   .second_is_idle = idle}
__attribute__((visibility("default"))) const struct tpfuzz_tree_functions* tpfuzz_begin(
    const struct tpfuzz_harness* harness) {
  static const struct tpfuzz_tree_functions functions = {
      .ordinary = {TPFUZZ_ROW(tpfuzz_0, TPFUZZ_SECOND_IS_IDLE), TPFUZZ_ROW(tpfuzz_1, TPFUZZ_SECOND_IS_IDLE),
                   TPFUZZ_ROW(tpfuzz_2, TPFUZZ_SECOND_IS_IDLE), TPFUZZ_ROW(tpfuzz_3, TPFUZZ_SECOND_IS_IDLE)},
#ifdef DEFINE_TRACE_SYSCALL
      .faultable = {TPFUZZ_ROW(tpfuzz_faultable_0, 0), TPFUZZ_ROW(tpfuzz_faultable_1, 0),
                    TPFUZZ_ROW(tpfuzz_faultable_2, 0), TPFUZZ_ROW(tpfuzz_faultable_3, 0)},
      .has_faultable = 1,
      .synchronize_faultable = &tpfuzz_synchronize_faultable,
#endif
      .add = &tpfuzz_add,
      .remove = &tpfuzz_remove,
      .synchronize = &tracepoint_synchronize_unregister,
      .synchronize_ordinary = &tpfuzz_synchronize_ordinary,
      .array = &tpfuzz_array,
      .entry = &tpfuzz_entry,
      .initialise = &tpfuzz_initialise,
      .first_key_site = __start_tpfuzz_key_sites,
      .end_of_key_sites = __stop_tpfuzz_key_sites,
      .first_warning = __start_tpfuzz_warnings,
      .end_of_warnings = __stop_tpfuzz_warnings,
      .passes = __start_tpfuzz_passes,
      .end_of_passes = __stop_tpfuzz_passes,
  };
  tpfuzz_harness = *harness;
  return &functions;
}
