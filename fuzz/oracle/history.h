// What the oracle remembers of an execution: the versions of each tracepoint's probe list and when each was current,
// which writes each hit has observed, what it called. Fed with the trace's events, one by one; the invariants read it.
//
//   A batch over several tracepoints makes a version in each of them. Its events say which of them they are about
//   (trace.h); what is told of all, as its return, is of the first.
//
//   A version is begun from the point `begun` of the call that makes it: from then on the call holds the mutex, and
//   what it has to do is decided. A version is current from the subject's store into `funcs` (the point `publish`), at
//   the latest from the return of the call that made it (a stub's only mark, but in a batch over several tracepoints,
//   where it is the next point after `begun`; where the call is parked at an access, stubs may be there or not). A
//   version is returned from that return on. A key or a call is patched from its first int3: a reader that traps is
//   answered for the new instruction.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <boost/container/static_vector.hpp>

#include "fuzz/engine/trace.h"
#include "fuzz/oracle/permits.h"
#include "fuzz/oracle/reference.h"
#include "fuzz/oracle/snapshot.h"
#include "fuzz/sequence/cpu.h"

namespace tpfuzz {

/// A store into `funcs`, or a patch of the call or the key, numbered in the order in which they happened; 0 is none.
struct Write {
  unsigned number = 0;
  std::optional<tp::Transition> transition;
};

/// One pass of a reader, as far as it has come, but for its calls.
struct HitValues {
  int tracepoint = 0;
  std::size_t returned = 0;    ///< the newest version that had returned at its begin
  std::size_t current = 0;     ///< the version that was current at its begin
  bool held = false;           ///< a user besides the probes has held the key since
  bool keyed = false;          ///< it found the key on
  bool asks_for_key = false;   ///< it stands in a trap of the key
  bool loaded = false;         ///< it has loaded `funcs`
  bool direct = false;         ///< the static call went to a probe
  bool dispatched = false;     ///< it went somewhere
  bool reloaded = false;       ///< the iterator has loaded `funcs`
  bool left = false;           ///< it has left the section
  std::size_t left_after = 0;  ///< how many calls it had made then
  Write observed;              ///< the latest array or call update that it saw
};

/// One pass of a reader; a nested one is one of its own.
struct Hit : HitValues {
  boost::container::static_vector<Call, kMaxProbes + 1> calls;  ///< one more than a list can have is enough to tell
};

class History {
 public:
  void start(const Sequence& sequence, const Rules& rules);

  /// Takes in one event. A call is judged before it is taken in, an end after.
  void add(const Event& event);

  /// The same for one kind of event each; the other kinds change nothing.
  void start_operation(const Event& event);
  void park(const Event& event);
  void resume(const Event& event);
  void call(const Event& event);
  void hook(const Event& event);
  void fault(const Event& event);
  void nest(const Event& event);
  void complete(const Event& event);

  /// Takes in events of the kind `passed`, which most are: all of one operation.
  void pass(std::span<const Event> events);

  /// The CPU of `event` has passed its point. Call after judging, so that a violation reports the point before it, and
  /// one at the end of a nested hit reports that hit.
  void commit_point(const Event& event) {
    if (event.kind == Event::Kind::passed) cpus_[event.cpu].last_point = event.point;
    if (event.kind == Event::Kind::unnested) nested_.reset(event.cpu);
  }

  const Operation& operation(const Event& event) const { return sequence_->operations[event.operation]; }
  const Sequence& sequence() const { return *sequence_; }

  /// Of the CPU of an event: the innermost.
  const Hit& hit(const Event& event) const { return cpu(event).hits[nested_.test(event.cpu)]; }
  /// The tracepoint that an event is about; of the worker 0.
  int tracepoint_of(const Event& event) const {
    if (is_worker(event.cpu)) return 0;
    return nested_.test(event.cpu) ? hit(event).tracepoint : tpfuzz::tracepoint_of(event, operation(event));
  }

  /// What the operation of an event has to do to the tracepoint that it is about, and how often its hooks ran.
  const Plan& planned(const Event& event) const { return part(event).plan; }
  /// The same if it is about `tracepoint`.
  const Plan& planned(const Event& event, int tracepoint) const {
    return cpu(event).parts[static_cast<std::size_t>(tracepoint)].plan;
  }
  HookRuns hooks_run(const Event& event) const { return part(event).hooks; }

  /// Of an operation's return: what it has to return, and whether each of its tracepoints' hooks ran as they should.
  int due_result(const Event& completed) const;
  bool all_hooks_ran(const Event& completed) const;

  std::optional<tp::Point> last_point(const Event& event) const { return cpu(event).last_point; }

  /// What the hit of an event may have seen until now. Valid until the next event.
  Window window(const Event& event) const;

  /// The current version of the tracepoint of an event's operation.
  const Version& current(const Event& event) const {
    const TracepointHistory& its = tracepoint(event);
    return its.versions[its.current];
  }

  /// The newest version that has begun.
  const Version& newest(const Event& event) const { return tracepoint(event).versions.back(); }

  /// The newest current version that was published. A version made in place comes after the version it was made from.
  const Version& published(const Event& event) const {
    const TracepointHistory& its = tracepoint(event);
    std::size_t newest = its.current;
    while (its.versions[newest].by_stub) --newest;
    return its.versions[newest];
  }

  /// How many enable hooks of the tracepoint of an event's operation have returned 0.
  unsigned enabled(const Event& event) const { return tracepoint(event).enabled; }

  /// Whether a user besides the probes holds the key of the tracepoint of an event's operation: for certain, from the
  /// end of a `key inc` to the begin of a `key dec`.
  bool is_held(const Event& event) const { return tracepoint(event).holders > 0; }

  /// Writes everything, and puts it back; of the same sequence.
  void save(SavedBytes& out) const;
  void restore(SavedReader& in);

  /// Tells `digest` what of it can still make a difference to a verdict, but not to which transition gets the blame;
  /// and returns apart from it what the execution is permitted. The CPUs of `busy` are in the middle of an operation;
  /// the others are idle.
  Permits describe(StateDigest& digest, std::bitset<kMaxCpus> busy, ListNumbers& numbers) const;

  /// Whether some probe had registered `func` with `data`.
  bool registered(int func, int data) const { return pairs_.test(pair(func, data)); }

 private:
  struct TracepointValues {
    std::size_t current = 0;
    std::size_t returned = 0;  // the newest
    unsigned enables = 0;      // that had to return 0, of the registrations that have begun
    unsigned enabled = 0;      // that have
    int holders = 0;           // users besides the probes that certainly hold the key
    std::size_t stubbing = 0;  // the newest of which some stubs may be in place
    Write published;
    Write patched;
    Write keyed;
  };
  struct TracepointHistory : TracepointValues {
    // Those begun, in the order of the mutex. An operation makes one, or none; the first is the empty list.
    boost::container::static_vector<Version, kMaxOperations + 1> versions;
  };
  // What an operation has to do, and has done, to one tracepoint.
  struct PartHistory {
    Plan plan;
    HookRuns hooks;
    std::optional<std::size_t> version;  // that it makes; nothing if it makes none
  };
  struct CpuHistory {
    std::array<Hit, 2> hits;  // its own, and the one that is nested in it
    std::array<PartHistory, kMaxTracepoints> parts;
    std::bitset<kMaxTracepoints> concerned;  // by the operation; the other parts are of operations before
    bool planned = false;
    std::optional<tp::Point> last_point;
    bool patches_call = false;  // the step that patches, and to which it has come last
  };

  static std::size_t pair(int func, int data) {
    return static_cast<std::size_t>(func) * kDataNumbers + static_cast<std::size_t>(data);
  }
  Hit& innermost(const Event& event) { return cpu(event).hits[nested_.test(event.cpu)]; }
  CpuHistory& cpu(const Event& event) { return cpus_[event.cpu]; }
  const CpuHistory& cpu(const Event& event) const { return cpus_[event.cpu]; }
  PartHistory& part(const Event& event) { return cpu(event).parts[static_cast<std::size_t>(tracepoint_of(event))]; }
  const PartHistory& part(const Event& event) const {
    return cpu(event).parts[static_cast<std::size_t>(tracepoint_of(event))];
  }
  TracepointHistory& tracepoint(const Event& event) {
    return tracepoints_[static_cast<std::size_t>(tracepoint_of(event))];
  }
  const TracepointHistory& tracepoint(const Event& event) const {
    return tracepoints_[static_cast<std::size_t>(tracepoint_of(event))];
  }

  static void save(SavedBytes& out, const Hit& hit);
  static void restore(SavedReader& in, Hit& hit);
  static void save(SavedBytes& out, const PartHistory& part);
  static void restore(SavedReader& in, PartHistory& part);
  void describe(StateDigest& digest, const TracepointHistory& tracepoint) const;
  std::uint64_t describe(StateDigest& digest, const Hit& hit, ListNumbers& numbers) const;
  static void describe(StateDigest& digest, const PartHistory& part, const TracepointHistory& tracepoint);

  void start_hit(const Event& event, int tracepoint);
  void begin_release(const Event& event);
  void pass_as_reader(std::span<const Event> events);
  void pass_as_writer(std::span<const Event> events);
  void make_plan(const Event& event);
  void pass_as_writer(CpuHistory& its, const Event& event);
  void begin_version(CpuHistory& cpu, int tp);
  void commit(PartHistory& part, TracepointHistory& tracepoint);
  void note_stubs(const Event& event, bool certain);
  void observe(Hit& hit, const Write& write) const;
  void observe_load(const Event& event);
  void observe_reload(const Event& event);

  const Sequence* sequence_ = nullptr;
  Rules rules_;
  std::array<TracepointHistory, kMaxTracepoints> tracepoints_;
  std::array<CpuHistory, kMaxCpus> cpus_;
  std::bitset<kMaxCpus> started_;  // what the others hold is of an execution before
  std::bitset<kMaxCpus> nested_;   // they are in a nested hit
  std::bitset<std::size_t{kMaxFunctions} * kDataNumbers> pairs_;
  unsigned writes_ = 0;
};

}  // namespace tpfuzz
