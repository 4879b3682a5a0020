// What a replay knows: of each CPU where it stands, of each tracepoint what it ought to be. All of it belongs to
// whoever has the turn.
#pragma once

#include <tpfuzz/replay.h>

#include <array>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tpfuzz::replay {

/// A function or a data of probes, from its first registration until a `sync` or a free takes it away: the next is a
/// fresh one.
struct Object {
  int number = 0;
  std::size_t index = 0;  ///< of a function: in the test's callbacks
  unsigned uses = 0;      ///< how many registrations of it have begun, over all
  bool gone = false;
};

/// The probes that a hit has to call, in order.
struct Version {
  std::vector<Probe> list;
  bool by_stub = false;  ///< made from the version before, in place
};

/// What an operation has to return, and to do to the list.
struct Plan {
  int result = 0;
  std::optional<Version> version{};
};

struct CpuState {
  // Where it stands.
  bool ended = true;                            ///< its program has, or it has none
  int operation = 0;                            ///< the n-th of its program
  bool completed = true;                        ///< that one is
  std::string place{};                          ///< the same in words
  std::array<int, internal::kPoints> passed{};  ///< how often each point was, in this operation
  std::function<bool()> wait_is_over{};         ///< set while it waits
  Turn turn{};                                  ///< the latest

  // The operation.
  Options options{};
  std::vector<Probe> probes{};
  bool registers = false;
  int allocations = 0;
  Plan plan{};

  // A hit.
  bool dispatched = false;
  bool judged = false;
  bool key_was_off = false;       ///< at some instant of it
  std::size_t first_version = 0;  ///< it may call what any version from here on says
  std::vector<Probe> calls{};
};

/// What a tracepoint ought to be.
struct Model {
  std::vector<Version> versions{Version{}};
  bool key_off = true;
  std::vector<Probe> registered{};  ///< as far as register and unregister have returned
};

/// An array that waits for its readers.
struct Deferred {
  ReplayEnv::Header* block;
  Domains readers;
  std::array<Sections, internal::kDomains> grace_periods;
};

struct Replay {
  const Test* test = nullptr;
  std::string protocol_name;
  std::array<CpuState, kCpus> cpus;
  std::vector<Model> models;                   ///< by tracepoint
  std::vector<std::vector<Object>> functions;  ///< by number, then by life
  std::vector<std::vector<Object>> data;       ///< likewise
  Object nothing{.number = no_data};           ///< what NULL stands for: no `sync` takes it away
  std::vector<Probe> registering;              ///< by register operations under way
  std::vector<Probe> ever_registered;
  std::array<Sections, internal::kDomains> all_inside{};  ///< by domain
  std::vector<Deferred> deferred;
  unsigned sections = 0;
  bool mutex_held = false;
  bool stopping = false;
};

/// The one of this process.
Replay& the_replay();

inline constexpr std::array<const char*, kCpus> kCpuNames = {"w0", "w1", "r0", "r1", "r2", "r3", "k0"};

/// No CPU: the schedule has the turn.
inline constexpr Cpu kNobody = kCpus;

/// The CPU of the calling thread.
inline thread_local Cpu me = kNobody;

inline CpuState& self() { return the_replay().cpus[me]; }
inline Model& model() { return the_replay().models[static_cast<std::size_t>(self().options.tracepoint)]; }

using Registry = internal::Registry<ReplayEnv>;

// cpu_turns.cc: one CPU at a time.

/// Gives `cpu` the turn, and returns when `cpu` has given it back.
void give_turn(Cpu cpu);
/// Of a CPU's thread: waits for its turn; gives it back; both.
void take_turn();
void give_back_turn();
void stop();
/// The CPU passes `point`: stops there if its turn ends there.
void pass(Point point);
/// Waits until `over()`, as a CPU that gives the turn back.
void wait_until(const std::function<bool()>& over);
/// Whether the CPU's latest access is a look of this library's, and none of the operation.
bool looks_around();
/// An operation begins and ends.
void begin(const Options& options);
void end();

// rules.cc: what has to hold.

bool contains(std::span<const Probe> list, const Probe& probe);
/// Prints what broke, and ends the process with 1. Usable in a signal handler.
[[noreturn]] void fail(std::string_view invariant, std::string_view what);
void print(std::initializer_list<std::string_view> parts);
/// The kernel's rules for priorities, duplicates, absent probes and failed allocations.
Plan plan_registration(const CpuState& its, const std::vector<Probe>& list);
Plan plan_removal(const CpuState& its, const std::vector<Probe>& list, bool enomem_fails);
/// What was planned is current: from the store into `funcs` on, or from the write of a stub.
void commit();
/// snapshot: a hit has called the list of one version that was current meanwhile; none, if the key was off.
void judge_hit();
/// result: what register and unregister return.
void check_result(int result);
/// fault: no CPU takes a memory fault or an illegal instruction.
void catch_faults();

// operations.cc.

/// The worker: one run for all requests so far.
void worker_k0();

}  // namespace tpfuzz::replay
