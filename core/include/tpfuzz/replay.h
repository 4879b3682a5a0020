// Replays one finding: the probes, what each CPU does, and a schedule, under a protocol. `repro export` writes the
// tests that include this header; link tpfuzz::replay.
//
// Each CPU is a thread. One runs at a time, as the schedule says; the text is really patched. A grace period ends as
// soon as it may, when the last reader that was inside at its beginning has left: so nothing here depends on time.
// Whether a hit is right is judged by the rules of docs/invariants.md: pairing, snapshot, grace, fault, result.
#pragma once

#include <tpfuzz/tracepoint.h>

#include <array>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "core/watched_words.h"

namespace tpfuzz::replay {

using internal::Domain;
using internal::Domains;
using internal::Point;

/// Writers, readers, and the worker that a registration may start.
enum Cpu { w0, w1, r0, r1, r2, r3, k0, kCpus };

/// Function and data by their numbers in the test's tables of names.
struct Probe {
  int function;
  int data;
  int prio;
  bool same(const Probe& other) const { return function == other.function && data == other.data; }
};
inline constexpr Probe null{-1, -1, 0};  ///< the NULL function
inline constexpr int no_data = -1;       ///< NULL as data

/// What an operation can have.
struct Options {
  std::optional<int> prio{};      ///< register: not the probe's own
  int tracepoint = 0;             ///< which
  int site = 0;                   ///< hit: which call site of it
  int fail = 0;                   ///< the fail-th allocation of an array fails; 0: none
  bool hook_refuses = false;      ///< register: the enable hook returns -EPERM
  std::optional<int> expected{};  ///< register, unregister: what it has to return, whatever else it should
};

// The operations: of writers, and of readers.
void register_probe(const Probe& probe, const Options& options = {});
void unregister_probes(std::initializer_list<Probe> probes, const Options& options = {});
/// Waits for the readers of these domains; then the functions and data that nobody uses go.
void sync(Domains domains = internal::kEveryDomain);
/// The same of the function and the data of one probe alone.
void free_probe(const Probe& probe, std::initializer_list<Domain> domains = {});
void hit(const Options& options = {});

/// How far a CPU goes: to its n-th passing of a point in the operation, or to the end of the operation.
struct Until {
  std::optional<Point> point{};
  int nth = 1;
};
inline constexpr Until to_its_end;
constexpr Until until(Point point, int nth = 1) { return {point, nth}; }

/// One line of the schedule: `cpu` runs until it stands there in its n-th operation (k0: its n-th run). It gives the
/// turn back earlier if it has to wait, and at the end of the operation if the point is not on its way. After the last
/// line all CPUs run to their ends: so a schedule means something under any protocol.
struct Turn {
  Cpu cpu;
  int operation;
  Until until;
};

/// What a CPU does.
struct Program {
  Cpu cpu;
  void (*run)();
};

/// The section that each CPU is in, numbered from 1; 0: none. What a grace period that begins now has to wait for.
using Sections = std::array<unsigned, kCpus>;

/// The Env (core/env.h) of a replay. Real patching; grace periods, the mutex and the worker are a model, as a CPU that
/// waits gives the turn back.
struct ReplayEnv {
  using Words = internal::WatchedWords<ReplayEnv>;
  static void point(Point point);
  static void access(Point point);
  static void works_on(const auto& /*state*/) {}  // no batch is over several tracepoints
  static void lock();
  static void unlock();
  static void lock_keys() {}  // registrations alone change keys
  static void unlock_keys() {}
  static Domain readers_of(const auto& /*state*/, Domain declared) { return declared; }
  static void read_lock(Domain domain);
  static void read_unlock(Domain domain);
  static void synchronize(Domain domain);
  using Cookie = Sections;
  static Cookie snapshot(Domain domain);
  static void await(const Cookie& cookie, Domain domain);
  static void start_worker(internal::Worker<ReplayEnv>& /*worker*/) {}  // k0 looks by itself whether there is a request
  static void await_worker(internal::Worker<ReplayEnv>& worker);
  using PatchLock = internal::NativeEnv::PatchLock;
  using Update = internal::NativeEnv::Update;
  static void patch_barrier() { internal::NativeEnv::patch_barrier(); }  // the CPUs are threads on any core
  struct Header {};
  static Header* allocate(std::size_t size);
  static void defer_free(Header* block, Domains readers);
  static void defer_free_since(Header* block, Domains readers, const std::array<Cookie, internal::kDomains>& cookies);
  template <class E>
  static void found_null() {
    faults_if_trusting();
  }
  static internal::Protocol protocol();
  static std::optional<std::string> prepare() { return internal::NativeEnv::prepare(); }

 private:
  static void faults_if_trusting();
};
static_assert(internal::Env<ReplayEnv>);

/// A tracepoint of a test, with its two call sites.
struct Tracepoint {
  internal::State<ReplayEnv>* state;
  std::array<void (*)(), 2> sites;
};

// Each call site is a function of its own.
template <const auto& tracepoint, int number>
[[gnu::noinline]] void call_site() {
  tracepoint.hit();
  asm volatile("" : : "i"(number));
}

/// The row of a tracepoint that TPFUZZ_REPLAY_TRACEPOINT has defined.
template <const auto& tracepoint>
Tracepoint row() {
  return {&tracepoint.untyped(), {call_site<tracepoint, 0>, call_site<tracepoint, 1>}};
}

/// Where the `index`-th function of a test arrives; the library knows the functions by these numbers.
void arrive(std::size_t index, void* data);
template <std::size_t index>
void callback(void* data) {
  arrive(index, data);
}

template <std::size_t... indices>
constexpr auto callbacks_of(std::index_sequence<indices...> /*all*/) {
  return std::array<void (*)(void*), sizeof...(indices)>{&callback<indices>...};
}

/// A function for each life of each function: a life begins with a registration, and ends when a sync or a free has
/// taken the function away.
template <std::size_t functions, std::size_t lives>
inline constexpr auto callbacks = callbacks_of(std::make_index_sequence<functions * lives>());

/// A finding.
struct Test {
  std::string_view protocol;  ///< a shipped one's name, or a text
  std::span<const std::string_view> functions, data;
  std::span<void (*const)(void*)> callbacks;
  std::span<const Tracepoint> tracepoints;
  std::span<const Program> programs;
  std::span<const Turn> schedule;
};

/// The main function of a test: replays it under the protocol that `argv` names, or else under its own. Prints one
/// line, and returns 0 if nothing breaks, 1 if something does, 2 for a usage error or where text can't be patched.
int run(int argc, char** argv, const Test& test);

}  // namespace tpfuzz::replay

/// Defines the tracepoint NAME, with readers of DOMAIN (rcu or tasks).
#define TPFUZZ_REPLAY_TRACEPOINT(NAME, DOMAIN)                                                                \
  TPFUZZ_TRACEPOINT_DECLARE_FOR(::tpfuzz::replay::ReplayEnv, ::tpfuzz::replay::Domain::DOMAIN, NAME, void()); \
  TPFUZZ_TRACEPOINT_DEFINE_IN(::tpfuzz::replay::ReplayEnv, NAME)
