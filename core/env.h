// The seam: what the tracepoint code needs from its surroundings. The core is written once, against an Env, a class
// with these static members. NativeEnv (native_env.h) is the product; a harness brings others, and one program can hold
// several.
//
//   Words                         the types of the words that CPUs share: shared_words.h
//   point(Point)                  a CPU has come to a named place; NativeEnv: nothing, not even an instruction
//   works_on(State)               what follows is done to this tracepoint of a batch; NativeEnv: nothing
//   lock() unlock()               the mutex of all registrations
//   lock_keys() unlock_keys()     the mutex of all keys with a count; taken inside of that one, too
//   readers_of(State, Domain)     the domain (domain.h) of a tracepoint's readers, which was declared with this one
//   read_lock(Domain)             a reader's section
//   read_unlock(Domain)
//   synchronize(Domain)           waits for a full grace period
//   Cookie                        a grace-period snapshot of one domain; a value type
//   snapshot(Domain)              takes one
//   await(Cookie, Domain)         waits until a full grace period has passed since
//   start_worker(w)               something is queued for the Worker `w`: have w.run_once() called until it is idle
//   await_worker(w)               waits until !w.outstanding()
//   PatchLock                     keeps patches apart, and fork out of them, while it lives
//   Update(first, encode)         lives while the sites from `first` on are patched, each to `encode(site)`: made
//   before
//                                 the first int3, gone behind the last first byte
//   patch_barrier()               every CPU serialises before it runs text that was written before
//   Header                        what a block starts with
//   allocate(size)                a block, its Header included in `size` and made; nullptr if there is no memory
//   defer_free(Header*, Domains)  frees the block after a grace period of each of these domains; of none, at once
//   defer_free_since(Header*, Domains, cookies)
//                                 frees the block once a grace period of each of these domains has passed since the
//                                 cookie of that domain was taken; of none, at once
//   found_null<E>()               the iterator has found `funcs` NULL, which ends it; E is the Env itself
//   protocol()                    the protocol of registrations until another one is set
//   prepare()                     makes the process ready for patching: nothing, or one line that says what is missing
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/domain.h"
#include "core/points.h"
#include "core/shared_words.h"

namespace tpfuzz::internal {

template <class E>
class Worker;
template <class E>
struct State;
struct Protocol;

template <class E>
concept Env = requires(Point point, Domain domain, Domains domains, std::size_t size, typename E::Header* header,
                       typename E::Cookie cookie, const std::array<typename E::Cookie, kDomains>& cookies,
                       Worker<E>& worker, const State<E>& state) {
  typename E::PatchLock;
  typename E::Update;
  typename E::Words::template Atomic<void*, touched::funcs>;
  typename E::Words::template AtomicRef<std::uint64_t, touched::trap>;
  typename E::Words::template Plain<bool, touched::key>;
  E::point(point);
  E::works_on(state);
  E::lock();
  E::unlock();
  E::lock_keys();
  E::unlock_keys();
  { E::readers_of(state, domain) } -> std::same_as<Domain>;
  E::read_lock(domain);
  E::read_unlock(domain);
  E::synchronize(domain);
  { E::snapshot(domain) } -> std::same_as<typename E::Cookie>;
  E::await(cookie, domain);
  E::start_worker(worker);
  E::await_worker(worker);
  E::patch_barrier();
  { E::allocate(size) } -> std::same_as<typename E::Header*>;
  E::defer_free(header, domains);
  E::defer_free_since(header, domains, cookies);
  E::template found_null<E>();
  { E::protocol() } -> std::same_as<Protocol>;
  { E::prepare() } -> std::convertible_to<std::optional<std::string>>;
};

}  // namespace tpfuzz::internal
