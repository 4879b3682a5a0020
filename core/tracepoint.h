// What a tracepoint is made of: for the product's Env, whose users include tpfuzz/tracepoint.h, and for those of a
// harness.
//
//   hit                                        the static call's target
//     static_branch(key)        a nop, patched    one probe: its function
//     read lock                                   else: iterate()
//     p = funcs (acquire)                             loads funcs again, and calls every entry
//     if (p) call(p->data, ...) a call, patched       with its own data
//     read unlock
//
// Names are global to the program, as in the kernel; argument types have linkage (none of an unnamed namespace); a
// probe that is registered by a static constructor may miss tracepoints that are defined later.
#pragma once

#include <utility>

#include "core/native_env.h"
#include "core/registry.h"

namespace tpfuzz::internal {
namespace detail {

template <class Signature>
struct ProbeType {
  // The condition depends on the argument, so that it is checked for the argument alone.
  static_assert(sizeof(Signature*) == 0,
                "a tracepoint's signature is void(ARGUMENTS...): it returns void, and has no '...' and no noexcept");
  using type = void(void* data);
};
template <class... Args>
struct ProbeType<void(Args...)> {
  using type = void(void* data, Args...);
};

}  // namespace detail

/// The function type of a probe of a tracepoint with this signature: `void(void* data, args...)`.
template <class Signature>
using ProbeFunction = typename detail::ProbeType<Signature>::type;

/// A tracepoint with its type and the domain of its readers; TPFUZZ_TRACEPOINT_DECLARE makes one. An empty object:
/// everything is in `state`.
template <class E, class Signature, State<E>& state, auto& trampoline, Domain domain = Domain::rcu>
class Tracepoint {};  // of another signature, of which ProbeType has said what is wrong

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
  [[nodiscard]] int register_probe(Func* func, void* data, int prio = kDefaultPriority) const {
    if (!usable()) return -ENOSYS;
    return registry().insert(state, {erase(func), data, prio});
  }

  /// Detaches it. Readers may still be in `func` when this returns: `synchronize` before its data goes. Without memory
  /// a stub takes its place (or -ENOMEM, where the protocol says `enomem: fail`). Returns 0 (also if other probes are
  /// registered, but not this one), -ENOENT (no probe is registered) or -ENOSYS. A null `func` detaches every probe.
  [[nodiscard]] int unregister_probe(Func* func, void* data) const {
    if (!usable()) return -ENOSYS;
    const Probe probe{erase(func), data, 0};
    return registry().remove(state, {&probe, 1});
  }

  /// The same as a value, for `unregister_probes`.
  [[nodiscard]] Removal<E> removal(Func* func, void* data) const { return {&state, {erase(func), data, 0}}; }

  /// Keeps the key on, whether probes are registered or not, until `release_key`: for users of the tracepoint besides
  /// its probes. Each `release_key` ends one `hold_key` that has returned. They return 0, -EINVAL (the protocol does
  /// not count users) or -ENOSYS.
  [[nodiscard]] int hold_key() const {
    if (!usable()) return -ENOSYS;
    if (registry().protocol().key == KeyRule::flag) return -EINVAL;
    registry().hold_key(state);
    return 0;
  }
  [[nodiscard]] int release_key() const {
    if (!usable()) return -ENOSYS;
    if (registry().protocol().key == KeyRule::flag) return -EINVAL;
    registry().release_key(state);
    return 0;
  }

  /// Sets the hooks; only while no probe is registered.
  void set_hooks(const Hooks& hooks) const { state.hooks = hooks; }

  static constexpr State<E>& untyped() { return state; }

  /// Fills in the state and makes the tracepoint known; TPFUZZ_TRACEPOINT_DEFINE does, before main.
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
      E::template found_null<E>();
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
[[nodiscard]] inline std::optional<std::string> prepare() { return NativeEnv::prepare(); }

/// Detaches many probes of many tracepoints with at most one grace period a wait. Results as unregister_probe's: 0 or
/// the first error; the others are detached anyway.
[[nodiscard]] inline int unregister_probes(std::span<const Removal<NativeEnv>> removals) {
  if (prepare() || !text::usable()) return -ENOSYS;
  return Registry<NativeEnv>::instance().remove(removals);
}

/// Waits until no reader of `domains` that is inside a tracepoint now is inside it any more.
inline void synchronize(Domains domains = kEveryDomain) { domains.for_each(&NativeEnv::synchronize); }

/// Makes the calling thread a reader now, and not in its first hit, which then waits for no lock. Any number of times.
inline void register_thread() {
  static_cast<void>(prepare());  // with which a forked child drops the threads that the child does not have
  rcu::register_thread();
}

/// Waits until everything that registrations have replaced so far is freed.
inline void drain() { rcu::drain(); }

/// All tracepoints of the product's Env.
inline Registry<NativeEnv>& tracepoints() { return Registry<NativeEnv>::instance(); }

}  // namespace tpfuzz::internal

/// Declares the tracepoint NAME of `ENV`, with readers of DOMAIN, with the signature that follows.
#define TPFUZZ_TRACEPOINT_DECLARE_FOR(ENV, DOMAIN, NAME, ...)                                                       \
  [[gnu::visibility("hidden")]] extern constinit ::tpfuzz::internal::State<ENV> tpfuzz_state_##NAME;                \
  [[gnu::visibility("hidden")]] extern ::tpfuzz::internal::ProbeFunction<__VA_ARGS__> tpfuzz_trampoline_##NAME asm( \
      "tpfuzz_trampoline_" #NAME);                                                                                  \
  inline constexpr ::tpfuzz::internal::Tracepoint<ENV, __VA_ARGS__, tpfuzz_state_##NAME, tpfuzz_trampoline_##NAME,  \
                                                  DOMAIN>                                                           \
      NAME {}

/// The same with ordinary readers.
#define TPFUZZ_TRACEPOINT_DECLARE_IN(ENV, NAME, ...) \
  TPFUZZ_TRACEPOINT_DECLARE_FOR(ENV, ::tpfuzz::internal::Domain::rcu, NAME, __VA_ARGS__)

/// Defines it: in one source file. The trampoline traps until `prepare_sites` has written its jump.
#define TPFUZZ_TRACEPOINT_DEFINE_IN(ENV, NAME)                  \
  asm(".pushsection .text, \"ax\", @progbits\n"                 \
      ".hidden tpfuzz_trampoline_" #NAME                        \
      "\n"                                                      \
      ".globl tpfuzz_trampoline_" #NAME                         \
      "\n"                                                      \
      ".type tpfuzz_trampoline_" #NAME                          \
      ", @function\n"                                           \
      "tpfuzz_trampoline_" #NAME                                \
      ": .byte 0x0f, 0x0b, 0xcc, 0xcc, 0xcc\n"                  \
      ".size tpfuzz_trampoline_" #NAME                          \
      ", 5\n"                                                   \
      ".popsection");                                           \
  constinit ::tpfuzz::internal::State<ENV> tpfuzz_state_##NAME; \
  [[maybe_unused]] static const bool tpfuzz_defined_##NAME = (NAME.define(#NAME), true)

/// The same for the product's Env: with ordinary readers, and with faultable ones.
#define TPFUZZ_TRACEPOINT_DECLARE(NAME, ...) \
  TPFUZZ_TRACEPOINT_DECLARE_IN(::tpfuzz::internal::NativeEnv, NAME, __VA_ARGS__)
#define TPFUZZ_TRACEPOINT_DECLARE_FAULTABLE(NAME, ...) \
  TPFUZZ_TRACEPOINT_DECLARE_FOR(::tpfuzz::internal::NativeEnv, ::tpfuzz::internal::Domain::tasks, NAME, __VA_ARGS__)
#define TPFUZZ_TRACEPOINT_DEFINE(NAME) TPFUZZ_TRACEPOINT_DEFINE_IN(::tpfuzz::internal::NativeEnv, NAME)
