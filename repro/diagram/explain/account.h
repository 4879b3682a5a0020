// What happened in one execution, as an explanation tells it: who stored, patched, waited, loaded and called what, in
// the order of the events. Plain data, made once from a Playback.
#pragma once

#include <limits>
#include <optional>
#include <vector>

#include "core/protocol.h"
#include "repro/diagram/explain/playback.h"

namespace tpfuzz {

inline constexpr std::size_t kNoEvent = std::numeric_limits<std::size_t>::max();

/// A call of a probe's function.
struct Called {
  std::size_t event = 0;
  std::uint8_t func = 0;
  std::uint8_t data = 0;
};

/// An operation, a nested hit, or a run of the worker; of a batch over several tracepoints one for each of them. Its
/// events are indices into Playback::events; kNoEvent: it never came there.
struct Run {
  int cpu = 0;
  int operation = 0;  ///< index in the sequence; of k0: the number of the run
  Verb verb = Verb::hit;
  int tracepoint = 0;
  std::size_t started = 0;
  std::size_t completed = kNoEvent;
  int result = 0;
  // Of register and unregister.
  std::size_t begun = kNoEvent;  ///< it holds the mutex
  ProbeList before;              ///< the list that it found
  Plan plan;
  bool stubbed = false;  ///< as it is planned
  HookRuns hooks;
  // Of a hit.
  std::optional<std::size_t> outer;  ///< the run in which it is nested
  std::size_t keyed = kNoEvent;
  std::size_t locked = kNoEvent;
  std::size_t loaded = kNoEvent;  ///< the first event after it has loaded `funcs`
  std::size_t dispatched = kNoEvent;
  std::size_t reloaded = kNoEvent;  ///< the first event after the iterator has loaded `funcs`
  std::size_t unlocked = kNoEvent;
  bool direct = false;  ///< the static call went to a probe
  std::vector<Called> calls;
};

/// A store into `funcs`, or a stub put into the array that is there.
struct Store {
  std::size_t event = 0;
  std::size_t run = 0;
  bool stub = false;
  std::vector<Observation::Entry> array;  ///< as it lies in memory
};

/// A change of the static call or of the key, in force from its first int3 on.
struct Patch {
  std::size_t event = 0;        ///< the first int3; or, without one, the step
  std::size_t done = kNoEvent;  ///< the step
  std::size_t run = 0;
  bool of_key = false;
  int target = kToElsewhere;  ///< of a call; of a key 1 for on and 0 for off
};

/// A wait for readers, for the worker or for the mutex.
struct Waited {
  std::size_t come = 0;         ///< the CPU has come to it
  std::size_t over = kNoEvent;  ///< it is past it
  bool at_once = true;          ///< it did not have to wait
  std::size_t run = 0;
  tp::Point step = tp::Point::synchronize;  ///< synchronize (of a `sync`, too), await, await_worker, begun (the mutex)
  std::optional<std::size_t> snapshot;      ///< await: the event of the snapshot that it waits for, as far as known
};

/// The end of a `sync`.
struct Freed {
  std::size_t event = 0;
  std::size_t run = 0;
  std::uint8_t functions = 0;
  std::uint8_t data = 0;
};

struct Account {
  Account(const Sequence& its_sequence, const Playback& its_playback, const Rules& rules,
          const tp::Protocol* its_protocol);

  const Operation& operation(const Run& run) const {
    return sequence.operations[static_cast<std::size_t>(run.operation)];
  }
  static int tracepoint(const Run& run) { return run.tracepoint; }
  tp::Domain readers(const Run& run) const { return readers_of(sequence, run.tracepoint); }
  std::optional<tp::Transition> transition(std::size_t run) const { return runs[run].plan.transition; }

  /// The latest store, or patch of the call (or key), of `tracepoint` before `event`; nullptr if there is none.
  const Store* store_before(int tracepoint, std::size_t event) const;
  const Patch* patch_before(int tracepoint, bool of_key, std::size_t event) const;

  /// The first store of `tracepoint` after `event` that is no stub; nullptr if there is none.
  const Store* store_after(int tracepoint, std::size_t event) const;

  /// The latest change of the count of `tracepoint`'s key before `event` whose patch had not begun by then: its event.
  std::optional<std::size_t> unpatched(int tracepoint, std::size_t event) const;

  /// The array that a reader finds at `event`.
  std::vector<Observation::Entry> array_at(int tracepoint, std::size_t event) const;

  /// How often function or data `number` had been taken away before `event`.
  int incarnation(bool function, int number, std::size_t event) const;

  /// The last event, which broke the invariant; and the run that it belongs to.
  std::size_t last() const { return playback.end - 1; }
  const Run& failed() const { return runs[failed_run]; }

  const Sequence& sequence;
  const Playback& playback;
  const tp::Protocol* protocol;  ///< nullptr if it is not known
  std::vector<Run> runs;
  std::vector<Store> stores;
  std::vector<Patch> patches;
  std::vector<Waited> waits;
  std::vector<Freed> freed;
  std::vector<std::size_t> snapshots, requests, marks;  ///< events: cookies taken; the worker's requests and marks
  std::vector<std::size_t> counted;                     ///< events: a key's count changed, the branch not yet
  std::vector<std::size_t> run_of;                      ///< by event
  std::size_t failed_run = 0;

 private:
  std::size_t blamed(std::size_t run) const;
};

}  // namespace tpfuzz
