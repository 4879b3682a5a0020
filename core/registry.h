// Registration: computing a tracepoint's new array and running the steps of its transition (protocol.h).
//
// All registrations of one Env share a mutex, the cookies and the worker, as in the kernel. A registration waits for
// readers only where its protocol says so; it never runs inside a read-side section.
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <string_view>
#include <utility>

#include "core/counted_key.h"
#include "core/env.h"
#include "core/probes.h"
#include "core/protocol.h"
#include "core/room.h"
#include "core/sites.h"
#include "core/static_key.h"
#include "core/worker.h"

namespace tpfuzz::internal {

/// Called on 0->1, before anything else, and on 1->0. `enable` returns 0, or a negative errno that refuses the
/// registration; when the registration fails later, `disable` undoes it. Both run under the mutex of all registrations,
/// so they must not register or unregister.
struct Hooks {
  int (*enable)(void* context) = nullptr;
  void (*disable)(void* context) = nullptr;
  void* context = nullptr;
};

/// A cookie that steps can name: the states of the domains that its latest snapshot was of.
template <class Env>
struct Cookie {
  std::array<typename Env::Cookie, kDomains> values{};  ///< by Domain
  typename Env::Words::template Plain<Domains, touched::cookie> pending{Domains()};

  typename Env::Cookie& of(Domain domain) { return values[static_cast<std::size_t>(domain)]; }
};

template <class Env>
using Cookies = std::array<Cookie<Env>, kCookies>;

/// A tracepoint without its type. Of static storage; what changes, changes under the registration mutex.
template <class Env>
struct State {
  using Words = typename Env::Words;

  const char* name = nullptr;
  StaticKey<Words> key;
  StaticCall<Words> call;
  typename Words::template Atomic<Entry<Words>*, touched::funcs> funcs{nullptr};
  Function iterator = nullptr;
  Hooks hooks;
  Domain readers = Domain::rcu;  ///< the domain of its readers
  Cookies<Env> cookies;          ///< where the protocol says `cookies: per-tracepoint`
  State* next = nullptr;         ///< the next tracepoint of the registry
};

/// One probe of one tracepoint, to be removed.
template <class Env>
struct Removal {
  State<Env>* tracepoint;
  Probe probe;
};

/// Hidden: each program and each shared object that links the library has its own.
template <Env E>
class [[gnu::visibility("hidden")]] Registry {
 public:
  static Registry& instance() {
    static Registry& registry = *new Registry;  // never destroyed: tracepoints are passed while the process exits
    return registry;
  }

  /// Makes a tracepoint known; static initialisation only.
  void add(State<E>& tracepoint) {
    tracepoint.next = tracepoints_;
    tracepoints_ = &tracepoint;
    add_static_call(tracepoint.call);
  }

  /// Calls `visit(State&)` for every tracepoint.
  template <class Visit>
  void for_each(Visit visit) const {
    for (State<E>* tracepoint = tracepoints_; tracepoint != nullptr; tracepoint = tracepoint->next) visit(*tracepoint);
  }

  const Protocol& protocol() const { return protocol_; }

  /// Chooses the protocol. Only while no probe is registered and nobody holds a key anywhere; pending cookies are
  /// forgotten, so no reader may be in a section from before.
  void set_protocol(Protocol protocol) {
    if (worker_.outstanding()) E::await_worker(worker_);
    protocol_ = std::move(protocol);
    worker_.set_order(protocol_.worker_marks_first);
    // Some protocols leave an empty tracepoint's call at its last probe; not all would correct that.
    for_each([](State<E>& tracepoint) { static_call_update<E>(tracepoint.call, tracepoint.iterator); });
    forget();
  }

  /// Forgets pending cookies and the worker's requests; the same conditions.
  void forget() {
    cookies_ = {};
    for_each([](State<E>& tracepoint) { tracepoint.cookies = {}; });
    worker_.reset();
  }

  /// Registers `probe`. Returns 0, -EINVAL (no function), -EEXIST (same func and data), -ENOMEM, or what the enable
  /// hook returned.
  int insert(State<E>& tracepoint, const Probe& probe) {
    const Locked lock;
    Entry* const old = tracepoint.funcs.load(std::memory_order_relaxed);
    if (old == nullptr && tracepoint.hooks.enable != nullptr)
      if (const int refused = tracepoint.hooks.enable(tracepoint.hooks.context)) return refused;
    Change change{&tracepoint, old};
    if (const int error = Arrays<E>::insert(old, probe, change.fresh)) {
      if (old == nullptr) disable(tracepoint);
      return error;
    }
    start(change, true);
    run({&change, 1});
    return 0;
  }

  /// Removes `probes` from one tracepoint, with one new array and at most one wait. Returns 0, -ENOENT (nothing is
  /// registered) or -ENOMEM (where the protocol says `enomem: fail`).
  int remove(State<E>& tracepoint, std::span<const Probe> probes) {
    const Locked lock;
    Change change{&tracepoint, tracepoint.funcs.load(std::memory_order_relaxed)};
    if (const int error = prepare(change, probes)) return error;
    run({&change, 1});
    return 0;
  }

  /// Removes probes of many tracepoints: their transitions run side by side and share their waits, so that all of them
  /// together wait for at most one grace period a step. Tracepoints go in the order of their names. Returns 0, -ENOMEM
  /// before anything is changed, or the first error of a tracepoint; the others are removed anyway.
  int remove(std::span<const Removal<E>> removals) {
    // All room is taken first: what has run a hook, or has put a stub in place, must not fail any more.
    const std::size_t count = removals.size();
    Room<Removal<E>> sorted(count);
    Room<Probe> probes(count);
    Room<Change> changes(count);
    if (sorted == nullptr || probes == nullptr || changes == nullptr) return -ENOMEM;
    std::ranges::copy(removals, sorted.get());
    std::ranges::sort(std::span(sorted.get(), count), {}, [](const Removal<E>& removal) {
      return std::pair(std::string_view(removal.tracepoint->name), removal.tracepoint);
    });
    const Locked lock;
    int result = 0;
    std::size_t changed = 0;
    for (std::size_t begin = 0, end = 0; begin < count; begin = end) {
      State<E>& tracepoint = *sorted[begin].tracepoint;
      for (; end < count && sorted[end].tracepoint == &tracepoint; ++end) probes[end] = sorted[end].probe;
      Change change{&tracepoint, tracepoint.funcs.load(std::memory_order_relaxed)};
      const int error = prepare(change, {probes.get() + begin, end - begin});
      if (error == 0) changes[changed++] = change;
      if (result == 0) result = error;
    }
    run_batch({changes.get(), changed});
    return result;
  }

  Worker<E>& worker() { return worker_; }

  /// The cookies that all tracepoints share: to be saved and put back while nobody registers.
  Cookies<E>& shared_cookies() { return cookies_; }

  /// One more user of the key, and one less: besides the probes, whose registrations are users by the protocol's steps.
  /// Only where the protocol counts users. When `hold_key` has returned, and until the matching `release_key` begins,
  /// hits find the key on. Of a key that nobody uses `release_key` does nothing.
  void hold_key(State<E>& tracepoint) { static_key_inc<E>(tracepoint.key, protocol_.key); }
  void release_key(State<E>& tracepoint) { static_key_dec<E>(tracepoint.key, protocol_.key); }

 private:
  using Entry = internal::Entry<typename E::Words>;

  struct Locked {
    Locked() {
      E::lock();
      E::point(Point::begun);
    }
    ~Locked() { E::unlock(); }
    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;
  };

  // A tracepoint on its way from `old` to `fresh`: `steps` from `next` on are still to be done.
  struct Change {
    State<E>* tracepoint = nullptr;
    Entry* old = nullptr;
    Entry* fresh = nullptr;
    std::span<const Step> steps{};
    std::size_t next = 0;

    bool ended() const { return next == steps.size(); }
  };

  void start(Change& change, bool adds) { change.steps = protocol_.of(transition_of(adds, count(change.fresh))); }

  int prepare(Change& change, std::span<const Probe> probes) {
    E::works_on(*change.tracepoint);
    if (const int error = Arrays<E>::remove(change.old, probes, protocol_.enomem_fails, change.fresh)) return error;
    if (change.fresh == change.old) return 0;  // stubs are in place: nothing to publish, no steps
    if (change.fresh == nullptr) disable(*change.tracepoint);
    start(change, false);
    return 0;
  }

  static void disable(State<E>& tracepoint) {
    if (tracepoint.hooks.disable != nullptr) tracepoint.hooks.disable(tracepoint.hooks.context);
  }

  void run_batch(std::span<Change> changes) { run(changes); }

  // Runs all changes to their ends: each as far as its next wait, then the waits of all, once, and so on.
  void run(std::span<Change> changes) {
    for (bool more = true; more;) {
      more = false;
      for (Change& change : changes) run_to_wait(change);
      for (Change& change : changes)
        if (stands_at_wait(change)) {
          E::works_on(*change.tracepoint);
          wait(changes, change.steps[change.next]);
          more = true;
        }
    }
    for (const Change& change : changes)
      if (change.fresh != change.old) free_old(change);
  }

  // As the protocol says.
  void free_old(const Change& change) {
    State<E>& tracepoint = *change.tracepoint;
    const Free& rule = protocol_.free;
    switch (rule.when) {
      case Free::When::after_grace_periods:
        return Arrays<E>::defer_free(change.old, rule.domains_of(tracepoint.readers));
      case Free::When::at_once:
        return Arrays<E>::defer_free(change.old, Domains());
      case Free::When::after_cookie: {
        const Cookie<E>& its = cookie(tracepoint, rule.cookie);
        return Arrays<E>::defer_free_since(change.old, its.pending, its.values);
      }
      case Free::When::never:
        break;
    }
  }

  static bool stands_at_wait(const Change& change) {
    return !change.ended() && waits(change.steps[change.next].what) && applies(change.steps[change.next], change);
  }

  void run_to_wait(Change& change) {
    E::works_on(*change.tracepoint);
    for (; !change.ended() && !waits(change.steps[change.next].what); ++change.next) {
      const Step& step = change.steps[change.next];
      if (!applies(step, change)) continue;
      E::point(before(step.what));
      act(step, change);
      E::point(step.what);
    }
    // A wait whose condition does not hold is no wait.
    if (!change.ended() && !applies(change.steps[change.next], change)) {
      ++change.next;
      run_to_wait(change);
    }
  }

  // Waits as `step` says, for all changes that stand at the same step and, of cookies, at the same cookie; of
  // `synchronize` for the readers that any of them names.
  void wait(std::span<Change> changes, Step step) {
    E::point(before(step.what));
    Domains domains;
    for (Change& change : changes) {
      if (!stands_at_wait(change)) continue;
      const Step& its = change.steps[change.next];
      if (its.what != step.what || its.cookie != step.cookie) continue;
      E::works_on(*change.tracepoint);
      if (its.what == Point::await) await(*change.tracepoint, its.cookie);
      domains |= its.domains_of(change.tracepoint->readers);
      ++change.next;
    }
    if (step.what == Point::synchronize) domains.for_each([](Domain domain) { E::synchronize(domain); });
    if (step.what == Point::await_worker) E::await_worker(worker_);
    E::point(step.what);
  }

  void act(const Step& step, const Change& change) {
    State<E>& tracepoint = *change.tracepoint;
    switch (step.what) {
      case Point::publish:
        publish(tracepoint, change.fresh);
        break;
      case Point::update_call:
        update_call(tracepoint, change.fresh);
        break;
      case Point::call_iterator:
        static_call_update<E>(tracepoint.call, tracepoint.iterator);
        break;
      case Point::enable_key:
        set_key(tracepoint, true);
        break;
      case Point::disable_key:
        set_key(tracepoint, false);
        break;
      case Point::snapshot:
        snapshot(tracepoint, step);
        break;
      case Point::queue_worker:
        worker_.queue();
        break;
      default:  // the waits are not done here
        break;
    }
  }

  void set_key(State<E>& tracepoint, bool on) {
    if (protocol_.key == KeyRule::flag)
      static_key_set<E>(tracepoint.key, on);
    else if (on)
      static_key_inc<E>(tracepoint.key, protocol_.key);
    else
      static_key_dec<E>(tracepoint.key, protocol_.key);
  }

  // Release: the entries are written before a reader can find them; pairs with the acquire in hit and iterate.
  static void publish(State<E>& tracepoint, Entry* array) { tracepoint.funcs.store(array, std::memory_order_release); }

  // A function for which there is no near trampoline is called by the iterator.
  static void update_call(State<E>& tracepoint, const Entry* array) {
    if (!static_call_update<E>(tracepoint.call, needed(tracepoint, array)))
      static_call_update<E>(tracepoint.call, tracepoint.iterator);
  }

  void snapshot(State<E>& tracepoint, const Step& step) {
    Cookie<E>& its = cookie(tracepoint, step.cookie);
    const Domains domains = step.domains_of(tracepoint.readers);
    domains.for_each([&](Domain domain) { its.of(domain) = E::snapshot(domain); });
    its.pending = domains;
  }

  void await(State<E>& tracepoint, std::uint8_t index) {
    Cookie<E>& its = cookie(tracepoint, index);
    Domains(its.pending).for_each([&](Domain domain) { E::await(its.of(domain), domain); });
    its.pending = Domains();
  }

  // What the static call has to be for `array`: its one probe's function, else the iterator.
  static Function needed(const State<E>& tracepoint, const Entry* array) {
    return count(array) == 1 ? array->function() : tracepoint.iterator;
  }

  Cookie<E>& cookie(State<E>& tracepoint, std::uint8_t index) {
    return (protocol_.cookies_per_tracepoint ? tracepoint.cookies : cookies_)[index];
  }

  // Element 0 of both arrays as it lies in memory: a stub keeps the data of the probe that it replaced.
  static bool applies(const Step& step, const Change& change) {
    if (step.condition == Step::Condition::always || change.old == nullptr || change.fresh == nullptr) return true;
    if (step.condition == Step::Condition::first_data_changed) return change.fresh->data != change.old->data;
    return change.fresh->function() != change.old->function();
  }

  State<E>* tracepoints_ = nullptr;
  Protocol protocol_ = E::protocol();
  Cookies<E> cookies_{};
  Worker<E> worker_;
};

}  // namespace tpfuzz::internal
