// Tracepoints: named places in a program to which probes are attached while it runs.
//
//     TRACEPOINT_DECLARE(sched_waking, void(int pid, const char* comm));      // in a header
//     TRACEPOINT_DEFINE(sched_waking);                                       // in one source file
//
//     sched_waking.hit(42, "bash");                                          // a call site; any number of them
//     sched_waking.register_probe(&on_waking, &my_data);                     // void on_waking(void*, int, const char*)
//
// A hit costs a nop while nothing is registered, and with one probe a direct call of it. TRACEPOINT_DECLARE_FAULTABLE
// declares one whose probes may sleep: registrations of other tracepoints do not wait for its readers, if the protocol
// knows both kinds (protocol.h). Threads that hit must hold an rcu::Thread. Names are global to the program, as in the
// kernel; argument types have linkage (none of an unnamed namespace); a probe that is registered by a static
// constructor may miss tracepoints that are defined later.
//
//   hit                                        the static call's target
//     static_branch(key)        a nop, patched    one probe: its function
//     read lock                                   else: iterate()
//     p = funcs (acquire)                             loads funcs again, and calls every entry
//     if (p) call(p->data, ...) a call, patched       with its own data
//     read unlock
#pragma once

#include <utility>

#include "core/native_env.h"
#include "core/registry.h"

namespace tp {
namespace detail {

template <class Signature>
struct ProbeType;
template <class... Args>
struct ProbeType<void(Args...)> {
  using type = void(void* data, Args...);
};

// What the iterator of Linux 5.10 did when `funcs` was NULL: a seeded fault. The access is volatile, so the compiler
// keeps it and may conclude nothing from it; there is no object, which is the point.
#if defined(__clang__)
__attribute__((noinline, no_sanitize("null", "address")))
#endif
inline void
load_through(const volatile void* address) {
  [[maybe_unused]] const char loaded = *static_cast<const volatile char*>(address);
}

}  // namespace detail

/// The function type of a probe of a tracepoint with this signature: `void(void* data, args...)`.
template <class Signature>
using ProbeFunction = typename detail::ProbeType<Signature>::type;

/// A tracepoint with its type and the domain of its readers; TRACEPOINT_DECLARE makes one. An empty object: everything
/// is in `state`.
template <class E, class Signature, State<E>& state, auto& trampoline, Domain domain = Domain::rcu>
class Tracepoint;

template <class E, class... Args, State<E>& state, void (&trampoline)(void*, Args...), Domain domain>
class Tracepoint<E, void(Args...), state, trampoline, domain> {
 public:
  using Func = void(void* data, Args...);

  /// Passes the call site. Always inlined: the branch and the call are patched in the caller.
  [[gnu::always_inline]] void hit(Args... args) const {
    if (static_branch<state.key>()) {
      E::point(Point::keyed);
      const Domain readers = E::readers_of(state, domain);
      E::read_lock(readers);
      E::point(Point::locked);
      const Entry<typename E::Words>* const first = state.funcs.load(std::memory_order_acquire);  // pairs with publish
      void* const data = first != nullptr ? first->data : nullptr;
      E::point(Point::loaded);
      if (first != nullptr) {
        static_cast<void>(trampoline(data, std::forward<Args>(args)...)), static_call_mark<state.call>();
      }
      E::read_unlock(readers);
      E::point(Point::unlocked);
    }
  }

  /// Attaches `func`, to be called with `data`; higher `prio` first, first come first among equals.
  /// Returns 0, -EINVAL (no function), -EEXIST (same func and data, whatever the priority), -ENOMEM, what the enable
  /// hook returned, or -ENOSYS (text can't be patched here: `prepare` says why).
  int register_probe(Func* func, void* data, int prio = kDefaultPriority) const {
    if (!usable()) return -ENOSYS;
    return registry().insert(state, {erase(func), data, prio});
  }

  /// Detaches it. Readers may still be in `func` when this returns: `synchronize` before its data goes. Without memory
  /// a stub takes its place (or -ENOMEM, where the protocol says `enomem: fail`). Returns 0 (also if other probes are
  /// registered, but not this one), -ENOENT (no probe is registered) or -ENOSYS. A null `func` detaches every probe.
  int unregister_probe(Func* func, void* data) const {
    if (!usable()) return -ENOSYS;
    const Probe probe{erase(func), data, 0};
    return registry().remove(state, {&probe, 1});
  }

  /// The same as a value, for `unregister_probes`.
  Removal<E> removal(Func* func, void* data) const { return {&state, {erase(func), data, 0}}; }

  /// Keeps the key on, whether probes are registered or not, until `release_key`: for users of the tracepoint besides
  /// its probes. Each `release_key` ends one `hold_key` that has returned. They return 0, -EINVAL (the protocol does
  /// not count users) or -ENOSYS.
  int hold_key() const {
    if (!usable()) return -ENOSYS;
    if (registry().protocol().key == KeyRule::flag) return -EINVAL;
    registry().hold_key(state);
    return 0;
  }
  int release_key() const {
    if (!usable()) return -ENOSYS;
    if (registry().protocol().key == KeyRule::flag) return -EINVAL;
    registry().release_key(state);
    return 0;
  }

  /// Sets the hooks; only while no probe is registered.
  void set_hooks(const Hooks& hooks) const { state.hooks = hooks; }

  static constexpr State<E>& untyped() { return state; }

  /// Fills in the state and makes the tracepoint known; TRACEPOINT_DEFINE does, before main.
  static void define(const char* name) {
    state.name = name;
    state.readers = domain;
    state.iterator = reinterpret_cast<Function>(&iterate);
    static_call_init(state.call, reinterpret_cast<Function>(&trampoline), state.iterator);
    registry().add(state);
  }

  /// Calls every probe with its own data; what the static call calls unless there is exactly one probe.
  static void iterate(void* /*data of the first, unused*/, Args... args) {
    E::point(Point::dispatched);
    const Entry<typename E::Words>* entry = state.funcs.load(std::memory_order_acquire);  // pairs with publish
    if (entry == nullptr) [[unlikely]] {
      if (registry().protocol().trusts_funcs) detail::load_through(entry);
      return;
    }
    for (; const Function function = entry->function(); ++entry) {
      if (function == &stub) [[unlikely]]
        continue;
      void* const data = entry->data;
      E::point(Point::iterating);
      reinterpret_cast<Func*>(function)(data, args...);
      E::point(Point::called);
    }
  }

 private:
  static Registry<E>& registry() { return Registry<E>::instance(); }
  static Function erase(Func* func) { return reinterpret_cast<Function>(func); }
  static bool usable() { return !E::prepare() && text::usable(); }
};

/// Why tracepoints can't be used in this process: one line; nothing if they can. Registering asks by itself.
inline std::optional<std::string> prepare() { return NativeEnv::prepare(); }

/// Detaches many probes of many tracepoints with at most one grace period a wait. Results as unregister_probe's: 0 or
/// the first error; the others are detached anyway.
inline int unregister_probes(std::span<const Removal<NativeEnv>> removals) {
  if (prepare() || !text::usable()) return -ENOSYS;
  return Registry<NativeEnv>::instance().remove(removals);
}

/// Waits until no reader of `domains` that is inside a tracepoint now is inside it any more.
inline void synchronize(Domains domains = kEveryDomain) { domains.for_each(&NativeEnv::synchronize); }

/// All tracepoints of the product's Env.
inline Registry<NativeEnv>& tracepoints() { return Registry<NativeEnv>::instance(); }

}  // namespace tp

/// Declares the tracepoint NAME of `ENV`, with readers of DOMAIN, with the signature that follows.
#define TRACEPOINT_DECLARE_FOR(ENV, DOMAIN, NAME, ...)                                            \
  [[gnu::visibility("hidden")]] extern constinit ::tp::State<ENV> tp_state_##NAME;                \
  [[gnu::visibility("hidden")]] extern ::tp::ProbeFunction<__VA_ARGS__> tp_trampoline_##NAME asm( \
      "tp_trampoline_" #NAME);                                                                    \
  inline constexpr ::tp::Tracepoint<ENV, __VA_ARGS__, tp_state_##NAME, tp_trampoline_##NAME, DOMAIN> NAME {}

/// The same with ordinary readers.
#define TRACEPOINT_DECLARE_IN(ENV, NAME, ...) TRACEPOINT_DECLARE_FOR(ENV, ::tp::Domain::rcu, NAME, __VA_ARGS__)

/// Defines it: in one source file. The trampoline traps until `prepare_sites` has written its jump.
#define TRACEPOINT_DEFINE_IN(ENV, NAME)         \
  asm(".pushsection .text, \"ax\", @progbits\n" \
      ".hidden tp_trampoline_" #NAME            \
      "\n"                                      \
      ".globl tp_trampoline_" #NAME             \
      "\n"                                      \
      ".type tp_trampoline_" #NAME              \
      ", @function\n"                           \
      "tp_trampoline_" #NAME                    \
      ": .byte 0x0f, 0x0b, 0xcc, 0xcc, 0xcc\n"  \
      ".size tp_trampoline_" #NAME              \
      ", 5\n"                                   \
      ".popsection");                           \
  constinit ::tp::State<ENV> tp_state_##NAME;   \
  [[maybe_unused]] static const bool tp_defined_##NAME = (NAME.define(#NAME), true)

/// The same for the product's Env: with ordinary readers, and with faultable ones.
#define TRACEPOINT_DECLARE(NAME, ...) TRACEPOINT_DECLARE_IN(::tp::NativeEnv, NAME, __VA_ARGS__)
#define TRACEPOINT_DECLARE_FAULTABLE(NAME, ...) \
  TRACEPOINT_DECLARE_FOR(::tp::NativeEnv, ::tp::Domain::tasks, NAME, __VA_ARGS__)
#define TRACEPOINT_DEFINE(NAME) TRACEPOINT_DEFINE_IN(::tp::NativeEnv, NAME)
