// What the oracle remembers of an execution: the versions of each tracepoint's probe list and when each was current,
// which writes each hit has observed, what it called. Fed with the trace's events, one by one; the invariants read it.
//
//   A version is current from the subject's store into `funcs` (the point `publish`), at the latest from the return of
//   the call that made it (a stub's only mark).
//   A key is off from its first int3 (`trapped`) or the point `disable_key`, and on from `enable_key`.
//   A call is patched from its first int3: a reader that traps is answered for the new instruction.
#pragma once

#include <algorithm>
#include <array>
#include <bitset>
#include <vector>

#include "fuzz/engine/trace.h"
#include "fuzz/oracle/reference.h"

namespace tpfuzz {

/// A store into `funcs` or a patch of the call, numbered in the order in which they happened; 0 is none.
struct Write {
  unsigned number = 0;
  std::optional<tp::Transition> transition;
};

struct Version {
  ProbeList list;
  bool by_stub = false;  ///< made from the version before, in place
};

struct Call {
  std::uint8_t func = 0;
  std::uint8_t data = 0;
};

/// One pass of a reader, as far as it has come.
struct Hit {
  int tracepoint = 0;
  std::size_t first_version = 0;                                ///< the window: from this one to the current one
  bool key_was_off = false;                                     ///< at some instant of it
  bool direct = false;                                          ///< the static call went to a probe
  bool dispatched = false;                                      ///< it went somewhere
  bool reloaded = false;                                        ///< the iterator has loaded `funcs`
  bool left = false;                                            ///< it has left the section
  Write observed;                                               ///< the latest write behind what it did
  boost::container::static_vector<Call, kMaxProbes + 1> calls;  ///< one more than a list can have is enough to tell
};

class History {
 public:
  void start(const Sequence& sequence, bool enomem_fails);

  /// Takes in one event. A call is judged before it is taken in, an end after.
  void add(const Event& event);

  /// The CPU goes on from an event that was taken in and judged: a hit's end is judged, and reported, at what the
  /// reader passed before it left.
  void go_on(const Event& event) {
    if (event.kind == Event::Kind::passed) cpus_[event.cpu].last_point = event.point;
  }

  const Operation& operation(const Event& event) const { return sequence_->operations[event.operation]; }
  const Sequence& sequence() const { return *sequence_; }

  /// Of the CPU of an event.
  const Hit& hit(const Event& event) const { return cpu(event).hit; }
  const Plan& planned(const Event& event) const { return cpu(event).plan; }
  HookRuns hooks_run(const Event& event) const { return cpu(event).hooks; }
  std::optional<tp::Point> last_point(const Event& event) const { return cpu(event).last_point; }

  /// The versions of a hit's window, oldest first.
  std::span<const Version> window(const Event& event) const;

  /// The newest version of the tracepoint of an event's operation.
  const Version& current(const Event& event) const { return tracepoints_[operation(event).tp].versions.back(); }

  /// The newest that was published: the one that it was made from, if it was made in place.
  const Version& published(const Event& event) const {
    const auto& versions = tracepoints_[operation(event).tp].versions;
    return *std::find_if(versions.rbegin(), versions.rend(), [](const Version& version) { return !version.by_stub; });
  }

  /// Whether some probe had registered `func` with `data`.
  bool registered(int func, int data) const { return data < kMaxData && pairs_.test(pair(func, data)); }

 private:
  struct TracepointHistory {
    std::vector<Version> versions;
    bool key_off = true;
    Write published;
    Write patched;
  };
  struct CpuHistory {
    Hit hit;
    Plan plan;
    HookRuns hooks;
    bool planned = false;
    bool committed = false;
    std::optional<tp::Point> last_point;
    tp::Point step = tp::Point::publish;  // the step it has come to last
  };

  static std::size_t pair(int func, int data) {
    return static_cast<std::size_t>(func) * kMaxData + static_cast<std::size_t>(data);
  }
  CpuHistory& cpu(const Event& event) { return cpus_[event.cpu]; }
  const CpuHistory& cpu(const Event& event) const { return cpus_[event.cpu]; }
  TracepointHistory& tracepoint(const Event& event) { return tracepoints_[operation(event).tp]; }

  void start_operation(const Event& event);
  void pass(const Event& event);
  void pass_as_reader(const Event& event);
  void pass_as_writer(const Event& event);
  void call(const Event& event);
  void make_plan(const Event& event);
  void commit(const Event& event);
  void turn_key_off(const Event& event);
  void observe(Hit& hit, const Write& write) const;
  void observe_reload(const Event& event);

  const Sequence* sequence_ = nullptr;
  bool enomem_fails_ = false;
  std::array<TracepointHistory, kMaxTracepoints> tracepoints_;
  std::array<CpuHistory, kMaxCpus> cpus_;
  std::bitset<kMaxCpus> started_;  // what the others hold is of an execution before
  std::bitset<std::size_t{kMaxFunctions} * kMaxData> pairs_;
  unsigned writes_ = 0;
};

}  // namespace tpfuzz
