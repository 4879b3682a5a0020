// From the events of an execution to all of its steps, in words: a diagram is a selection of them.
#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/oracle/history.h"
#include "fuzz/sequence/cpu.h"
#include "fuzz/subject/subject.h"
#include "repro/diagram/diagram.h"
#include "repro/diagram/explain/cookies.h"
#include "repro/diagram/explain/phrases.h"
#include "repro/diagram/explain/playback.h"
#include "repro/diagram/recorder/step_words.h"

namespace tpfuzz {

inline constexpr std::size_t kNoTracepoint = kMaxTracepoints;
inline constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

/// A step, with what decides whether it is shown. Its lane is the number of its CPU, its operation an index into
/// Recorder::operations.
struct RecordedStep : Step {
  bool minor = false;                      ///< of interest only to a step that is `after` it
  bool delay = false;                      ///< no step: the CPU is delayed here
  std::size_t goes_on = kNever;            ///< of a delay: how many steps there were when the CPU did something again
  std::size_t tracepoint = kNoTracepoint;  ///< publish, patch, the key's change, an int3: whose
  std::string value;                       ///< publish, patch: what is there from now on, in words
  std::optional<bool> key_on;              ///< the key's change: what it is from now on
  std::optional<SiteKind> trapped;         ///< an int3 is over the first byte of this instruction from now on
};

/// An array of probes as it lies in memory.
using Array = std::vector<Observation::Entry>;

/// An operation, a nested hit, or a run of the worker.
struct RecordedOperation {
  std::size_t lane = 0;
  std::size_t tracepoint = kNoTracepoint;  ///< of register, unregister and hit
  bool hit = false;
  std::optional<std::size_t> outer;  ///< of a nested hit: the operation that it is a part of
  std::optional<std::size_t> end;    ///< one behind its last step, if it completes
};

class Recorder {
 public:
  /// `protocol`: what the subject's is, if it has one.
  Recorder(const Sequence& sequence, const Rules& rules, const tp::Protocol* protocol);

  /// Takes in the next event. `seen`: what was there. Where it has no tracepoint, steps tell what the operation had
  /// planned.
  void add(const Event& event, const Seen& seen);

  /// The event that was taken in last broke an invariant; `words` say which and how.
  void violate(const std::string& words);

  /// The steps that event `index` made: from the first to the one before the second.
  std::pair<std::size_t, std::size_t> steps_of(std::size_t index) const {
    return {begins_[index], index + 1 < begins_.size() ? begins_[index + 1] : steps_.size()};
  }

  const std::vector<RecordedStep>& steps() const { return steps_; }
  const std::vector<RecordedOperation>& operations() const { return operations_; }
  bool several_tracepoints() const { return words_.several_tracepoints(); }

 private:
  using Index = std::optional<std::size_t>;

  struct TracepointState {
    bool is_empty() const { return !array || array->empty(); }

    std::optional<Array> array;  // that is published; nothing: no step has told of it
    std::string first_data;      // of it, in words
    Incarnations listed;         // of what it lists
    Incarnations called;         // of what the static call calls
    Index publish, patch, key;   // the latest step that changed it
    bool call_trapped = false;   // its sites hold an int3
    bool key_trapped = false;
  };
  struct CpuState {
    std::size_t operation = 0;
    tp::Point coming = tp::Point::begun;  // the step it has come to
    bool keyed = false;
    bool waited = false;
    bool stubbed = false;
    Index trap;                              // the latest step of a patch that is under way
    Index delayed;                           // the delay that it is in
    Index locked;                            // the step that entered the section it is in
    int domain = kOrdinary;                  // of that section
    int waits_for = kOrdinary;               // the domain whose readers it waits for
    Index loaded;                            // the publication that it has loaded
    Incarnations held;                       // of what that lists
    std::optional<std::string> still_loads;  // the data that it loads next, of that
  };

  void go_on();
  void start(const Event& event);
  void start_nested(const Event& event);
  void pass(const Event& event);
  void pass_as_reader(const Event& event);
  void pass_as_writer(const Event& event);
  void pass_wait(const Event& event);
  void trap(const Event& event);
  void publish(const Event& event);
  void note_array(const Event& event, const Array& stored);
  void come_to_access(const Event& event);
  void put_stubs(const Event& event);
  void put_stub(const Event& event);
  void patch_call(const Event& event);
  void patch_key(const Event& event, bool on);
  void count_key(const Event& event);
  void go_on_after_mutex(const Event& event);
  void end_key_change(const Event& event);
  void wait(const Event& event);
  void load(const Event& event, bool again);
  void dispatch(const Event& event, const std::string& words);
  void call(const Event& event, bool dispatched);
  void park(const Event& event);
  void free(const Event& event);
  void complete(const Event& event);
  tp::Point awaited_point(const Event& event) const;
  Index reader_inside(int domain) const;
  std::string words_of(const Event& event) const;
  std::string words_of_wait(const Event& event, tp::Point awaited) const;

  RecordedStep& step(const Event& event, Step::Kind kind, std::string words, Index after = {});
  void minor(const Event& event, std::string words, Index after = {});
  Index last() const { return steps_.size() - 1; }

  const Operation& operation(const Event& event) const { return sequence_.operations[event.operation]; }
  bool is_hit(const Event& event) const { return operations_[cpus_[event.cpu].operation].hit; }
  CpuState& cpu(const Event& event) { return cpus_[event.cpu]; }
  std::size_t tracepoint_number(const Event& event) const {
    return static_cast<std::size_t>(history_.tracepoint_of(event));
  }
  TracepointState& tracepoint(const Event& event) { return tracepoints_[tracepoint_number(event)]; }
  template <class Visit>
  void for_each_part(const Event& event, Visit visit);
  std::string target(const Event& event) const;
  Array array(const Event& event) const;

  const Sequence& sequence_;
  const tp::Protocol* protocol_;
  StepWords words_;
  History history_;
  Cookies cookies_;
  Event last_event_;
  Seen seen_;  // at it
  Incarnations incarnations_;
  std::array<TracepointState, kMaxTracepoints> tracepoints_;
  std::array<CpuState, kMaxCpus> cpus_;
  std::array<std::optional<CpuState>, kMaxCpus> outer_;  // in a nested hit: of its outer one
  std::array<Index, kDomains> unlocked_;                 // the latest such step of each domain
  Index marked_, queued_;                                // the latest such step
  std::vector<std::size_t> begins_;                      // by event: how many steps there were before it
  std::vector<RecordedStep> steps_;
  std::vector<RecordedOperation> operations_;
};

}  // namespace tpfuzz
