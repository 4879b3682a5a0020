/* SPDX-License-Identifier: MIT
 *
 * Registration of probes, in miniature, and the mistakes that one can make in it: each is on if MISTAKE_name is
 * defined.
 */
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>

#ifdef MISTAKE_needs_what_the_shim_lacks
#include <linux/no_such_header.h>
#endif

DEFINE_SRCU(tracepoint_srcu);
static DEFINE_MUTEX(registrations);

struct array {
  struct rcu_head rcu;
  struct tracepoint_func entries[];
};

/* A cookie of each domain, of the last removal of a last probe, and of the last change of a first entry. */
static struct cookie {
  unsigned long rcu, srcu, tasks;
  bool pending;
} removed, changed;

static void remember(struct cookie* cookie) {
  cookie->rcu = get_state_synchronize_rcu();
  cookie->srcu = start_poll_synchronize_srcu(&tracepoint_srcu);
#ifndef MISTAKE_cookie_forgets_faultable
  cookie->tasks = get_state_synchronize_rcu_tasks_trace();
#endif
  cookie->pending = true;
}

static void wait_for(struct cookie* cookie) {
  if (!cookie->pending) return;
  cond_synchronize_rcu(cookie->rcu);
  if (!poll_state_synchronize_srcu(&tracepoint_srcu, cookie->srcu)) synchronize_srcu(&tracepoint_srcu);
#ifndef MISTAKE_cookie_forgets_faultable
  cond_synchronize_rcu_tasks_trace(cookie->tasks);
#endif
  cookie->pending = false;
}

/* Takes the place of a function that was removed without memory. */
static void nothing(void) {}

static int count(const struct tracepoint_func* entries) {
  int n = 0;
  while (entries && entries[n].func) ++n;
  return n;
}

static bool is_same(const struct tracepoint_func* one, const struct tracepoint_func* other) {
  return one->func == other->func && one->data == other->data;
}

static struct tracepoint_func* allocate(int entries) {
  struct array* array = kmalloc(sizeof(*array) + (entries + 1) * sizeof(array->entries[0]), GFP_KERNEL);
  if (!array) return NULL;
  array->entries[entries].func = NULL;
  return array->entries;
}

static void free_in_srcu(struct rcu_head* head) { kfree(container_of(head, struct array, rcu)); }

static void free_in_first_domain(struct rcu_head* head) { call_srcu(&tracepoint_srcu, head, free_in_srcu); }

static void release(struct tracepoint* tp, struct tracepoint_func* entries) {
  if (!entries) return;
  struct array* array = container_of(entries, struct array, entries[0]);
#if defined(MISTAKE_leaks)
  (void)array;
#elif defined(MISTAKE_frees_at_once)
  kfree(array);
#elif defined(MISTAKE_frees_twice)
  call_rcu(&array->rcu, free_in_srcu);
  free_in_srcu(&array->rcu);
#elif defined(MISTAKE_frees_by_the_wrong_domain)
  call_rcu(&array->rcu, free_in_first_domain);
#elif defined(MISTAKE_frees_without_srcu)
  call_rcu(&array->rcu, free_in_srcu);
#else
  if (tp->faultable)
    call_rcu_tasks_trace(&array->rcu, free_in_first_domain);
  else
    call_rcu(&array->rcu, free_in_first_domain);
#endif
}

static void publish(struct tracepoint* tp, struct tracepoint_func* entries) {
#ifdef MISTAKE_publishes_without_a_macro
  *(struct tracepoint_func* volatile*)&tp->funcs = entries;
#else
  rcu_assign_pointer(tp->funcs, entries);
#endif
}

static void call_what(struct tracepoint* tp, const struct tracepoint_func* entries) {
  void* func = count(entries) == 1 ? entries[0].func : tp->iterator;
  __static_call_update(tp->call, tp->trampoline, func);
}

static bool first_differs(const struct tracepoint_func* one, const struct tracepoint_func* other) {
#ifdef MISTAKE_compares_functions
  return one[0].func != other[0].func;
#else
  return one[0].data != other[0].data;
#endif
}

static struct tracepoint_func* with(const struct tracepoint_func* old, const struct tracepoint_func* added) {
  int kept = 0, at = 0;
  bool placed = false;
  for (int i = 0; i < count(old); ++i) {
#ifndef MISTAKE_adds_twice
    if (is_same(&old[i], added)) return ERR_PTR(-EEXIST);
#endif
    kept += old[i].func != nothing;
  }
  struct tracepoint_func* entries = allocate(kept + 1);
  if (!entries) return ERR_PTR(-ENOMEM);
  for (int i = 0; i < count(old); ++i) {
    if (old[i].func == nothing) continue;
#ifdef MISTAKE_forgets_priorities
    const bool before = false;
#else
    const bool before = old[i].prio < added->prio;
#endif
    if (before && !placed) {
      entries[at++] = *added;
      placed = true;
    }
    entries[at++] = old[i];
  }
  if (!placed) entries[at] = *added;
  return entries;
}

/* NULL: nothing is left; the old one: stubs are in place. */
static struct tracepoint_func* without(struct tracepoint_func* old, const struct tracepoint_func* gone) {
  int left = 0, at = 0;
  for (int i = 0; gone->func && i < count(old); ++i) left += old[i].func != nothing && !is_same(&old[i], gone);
  if (left == 0) return NULL;
  struct tracepoint_func* entries = allocate(left);
  if (!entries) {
#ifndef MISTAKE_leaves_no_stub
    for (int i = 0; i < count(old); ++i)
      if (is_same(&old[i], gone)) WRITE_ONCE(old[i].func, nothing);
#endif
    return old;
  }
  for (int i = 0; i < count(old); ++i)
    if (old[i].func != nothing && !is_same(&old[i], gone)) entries[at++] = old[i];
  return entries;
}

static int add(struct tracepoint* tp, const struct tracepoint_func* added) {
  struct tracepoint_func* old = rcu_dereference_protected(tp->funcs, lockdep_is_held(&registrations));
  if (!old && tp->enable) {
    const int refused = tp->enable();
    if (refused) return refused;
  }
  struct tracepoint_func* entries = WARN_ON(!added->func) ? ERR_PTR(-EINVAL) : with(old, added);
  if (IS_ERR(entries)) {
#ifndef MISTAKE_leaves_it_enabled
    if (!old && tp->disable) tp->disable();
#endif
    WARN_ON_ONCE(PTR_ERR(entries) != -ENOMEM);
    return PTR_ERR(entries);
  }
  switch (count(entries)) {
    case 1:
#ifndef MISTAKE_no_wait_0_1
      wait_for(&removed);
#endif
#ifdef MISTAKE_enables_first
      static_branch_enable(&tp->key);
#endif
#ifdef MISTAKE_publishes_before_the_call_0_1
      publish(tp, entries);
      call_what(tp, entries);
#else
      call_what(tp, entries);
      publish(tp, entries);
#endif
#ifndef MISTAKE_never_enables
      if (!static_key_enabled(&tp->key)) static_branch_enable(&tp->key);
#endif
      break;
    case 2:
#ifdef MISTAKE_publishes_before_the_call_1_2
      publish(tp, entries);
      call_what(tp, entries);
#else
      call_what(tp, entries);
      publish(tp, entries);
#endif
#ifndef MISTAKE_no_cookie_1_2
      if (first_differs(entries, old)) remember(&changed);
#endif
      break;
    default:
      publish(tp, entries);
#ifndef MISTAKE_no_cookie_more
      if (first_differs(entries, old)) remember(&changed);
#endif
  }
  release(tp, old);
  return 0;
}

static int take_away(struct tracepoint* tp, const struct tracepoint_func* gone) {
  struct tracepoint_func* old = rcu_dereference_protected(tp->funcs, lockdep_is_held(&registrations));
  if (WARN_ON_ONCE(!old)) return -ENOENT;
  struct tracepoint_func* entries = without(old, gone);
  if (entries == old) return 0;
#ifdef MISTAKE_releases_before_it_publishes
  release(tp, old);
#endif
  switch (count(entries)) {
    case 0:
#ifndef MISTAKE_never_disables_the_hook
      if (tp->disable) tp->disable();
#endif
#ifndef MISTAKE_leaves_the_key
      static_branch_disable(&tp->key);
#endif
      call_what(tp, NULL);
      publish(tp, NULL);
#ifndef MISTAKE_no_cookie_1_0
      remember(&removed);
#endif
      break;
    case 1:
#ifdef MISTAKE_warns_2_1
      WARN_ON(old[0].func != entries[0].func);
#endif
#ifdef MISTAKE_calls_before_it_publishes_2_1
      call_what(tp, entries);
#endif
      publish(tp, entries);
#ifndef MISTAKE_no_cookie_2_1
      if (first_differs(entries, old)) remember(&changed);
#endif
#ifndef MISTAKE_no_wait_2_1
      wait_for(&changed);
#endif
      call_what(tp, entries);
      break;
    default:
      publish(tp, entries);
#ifndef MISTAKE_no_cookie_fewer
      if (first_differs(entries, old)) remember(&changed);
#endif
  }
#ifndef MISTAKE_releases_before_it_publishes
  release(tp, old);
#endif
  return 0;
}

int tracepoint_probe_register_prio(struct tracepoint* tp, void* probe, void* data, int prio) {
  const struct tracepoint_func added = {probe, data, prio};
  mutex_lock(&registrations);
  const int result = add(tp, &added);
  mutex_unlock(&registrations);
  return result;
}

int tracepoint_probe_unregister(struct tracepoint* tp, void* probe, void* data) {
  const struct tracepoint_func gone = {probe, data, 0};
#ifndef MISTAKE_removes_without_the_mutex
  mutex_lock(&registrations);
#endif
  const int result = take_away(tp, &gone);
#ifndef MISTAKE_removes_without_the_mutex
  mutex_unlock(&registrations);
#endif
  return result;
}
