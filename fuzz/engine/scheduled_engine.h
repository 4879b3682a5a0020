// The engine of a scheduled execution: one CPU runs at a time, and at each stop a scheduler decides who goes on. It is
// put together from three parts, each of which can be another one:
//
//   Carrier        what runs the CPUs (carrier.h)
//   GracePeriods   what a grace period is (grace_periods.h)
//   Scheduler      where a CPU stops, and who goes next (scheduler.h)
//
// engines.h has the usual ones. The text is really patched.
//
// Not thread-safe, and one at a time in a process: it catches the faults of its subject with the process's signal
// handlers.
#pragma once

#include <array>
#include <bitset>
#include <memory>
#include <optional>
#include <vector>

#include "core/annotate.h"
#include "fuzz/engine/carrier.h"
#include "fuzz/engine/cpu_run.h"
#include "fuzz/engine/cpu_states.h"
#include "fuzz/engine/execution_digest.h"
#include "fuzz/engine/fault.h"
#include "fuzz/engine/grace_periods.h"
#include "fuzz/engine/heap.h"
#include "fuzz/engine/scheduler.h"
#include "fuzz/engine/steps.h"
#include "fuzz/engine/trace.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// Where a real grace period needed a reader that the model's did not: `cpu` waited, and the park of `reader` at
/// `point` ended.
struct Divergence {
  int cpu = 0;
  int reader = 0;
  tp::Point point = tp::Point::loaded;
  std::size_t step = 0;  ///< of the park, in the trace
};

class ScheduledEngine final : public FaultCatcher, private Host, private Conditions {
 public:
  /// Drives `subject`, of which nothing is registered; so each run leaves it. All must outlive the engine.
  ScheduledEngine(Subject& subject, Carrier& carrier, GracePeriods& grace_periods, Scheduler& scheduler);
  ~ScheduledEngine() override;

  /// Runs `sequence`, to its end or until `observer` ends it. The trace stays valid until the next run. `sequence` must
  /// be valid (validate.h).
  const Trace& run(const Sequence& sequence, Observer& observer);

  /// The same, driven from outside (stepper.h): `open`, then a turn after the other, then `close`. The scheduler is
  /// asked where a CPU stops, and not who goes next. `turn` has the CPU of `next` run until it stops, and returns
  /// whether the execution goes on; `close` ends it wherever it is.
  void open(const Sequence& sequence, Observer& observer);
  bool turn(const Scheduler::Next& next);
  const Trace& close();
  /// The trace of what has happened until now. Between two turns.
  const Trace& until_now();
  void forget_trace();

  /// Writes the execution that goes on, between two turns, and puts it back: the subject, the memory, the CPUs and the
  /// trace. Not what the engine was put together from and the observer know: who made them saves them. On fibers, of a
  /// subject that has a memory, if `kCanSave`, and only within one execution.
  static constexpr bool kCanSave = !kAddressSanitizer && !kThreadSanitizer;
  void save(SavedBytes& out) const;
  void restore(SavedReader& in);

  /// The same as a digest: what of it makes a difference to what comes.
  void describe(ExecutionDigest& digest, const CpuStates& cpus) const;
  const Heap& heap() const { return heap_; }

  /// Makes the room that the subject's memory has from now on. So a process that is forked later has the same room.
  void fix_room() { heap_.fix_room(std::size_t{4} << 20); }

  /// Whether reader `number` is in a section. While a run is observed.
  bool inside(int number) const { return grace_periods_.model().inside(number); }

  /// Of the last run; valid until the next.
  const std::vector<Divergence>& divergences() const { return divergences_; }

  [[noreturn]] void fault(int signal) override;
  [[noreturn]] void endless() override;
  bool in_subject() const override { return in_subject_; }

 private:
  // More bytes than an operation needs of its stack from one stop to the next.
  static constexpr std::size_t kDeepest = 4096;
  // More events than one operation can write: a step comes with a few.
  static constexpr std::size_t kRoom = std::size_t{8} * kMaxSteps;

  struct Cpu {
    std::unique_ptr<Fiber> fiber;
    CpuRun run;
    bool mid_operation = false;  // if it stops now, it is abandoned at the end
  };
  // The parts of the state that are values.
  struct Values {
    std::bitset<kMaxCpus> mid_operation;
    std::array<PointSet, kMaxCpus> stops;
    std::array<std::optional<Event>, kMaxTracepoints> changed;
    std::array<std::optional<int>, kMutexes> holders;
    std::size_t events;  // of the trace
    std::size_t unseen;  // of them, from here on
    int running;
    int worker_runs;
    int worker_steps;
  };

  // While one lives the engine's own code runs on a CPU: a fault is a bug of the harness, not a finding, and an access
  // is no point. ThreadSanitizer is told nothing, which is fast: what runs here is not instrumented, and calls nothing
  // that ThreadSanitizer looks into, as memcpy.
  class QuietScope {
   public:
    explicit QuietScope(ScheduledEngine& engine) : engine_(engine) { engine_.in_subject_ = false; }
    ~QuietScope() { engine_.in_subject_ = true; }
    QuietScope(const QuietScope&) = delete;
    QuietScope& operator=(const QuietScope&) = delete;

   private:
    ScheduledEngine& engine_;
  };
  // The same for what may call anything.
  class HarnessScope : QuietScope {
   public:
    explicit HarnessScope(ScheduledEngine& engine) : QuietScope(engine) { tp::ignore_begin(); }
    ~HarnessScope() { tp::ignore_end(); }
  };

  // The loop: scheduled_engine.cc.
  void start(const Sequence& sequence, Observer& observer);
  void loop();
  void end();
  void clear();
  void decide();
  bool take_turn();
  void run_cpu();
  void clear_stack();
  void settle_stop();
  void begin(int cpu, int operation, const Operation* line);
  void enter();
  void leave();
  void look_at_rest();
  void settle();
  void diverge(const LateReader& late);
  template <class Do>
  void for_each_used(Do action);

  // The CPUs' side, on a fiber.
  static void fiber_main(void* engine);
  void serve();
  int run_operation();
  void complete(int result);
  bool takes_over();
  void note_changed(const Operation& operation, const Event& completed);
  void suspend();

  // Events.
  Event event(Event::Kind kind) const;
  void note(Event event);
  void emit(Event event);
  bool judge();
  [[noreturn]] void end_here(Event last);

  // What the Host's calls have in common: host_calls.cc.
  void step();
  void park(tp::Point point);
  void wait_until_over(const Wait& wait);
  void wait_for(const GracePeriod& grace_period);
  void check(SiteKind kind);
  void stamp();

  // Host
  void point(tp::Point point) override;
  void comes_to(SiteKind patched) override;
  void access(tp::Point point) override;
  void works_on(int tracepoint) override;
  void lock(int mutex) override;
  void unlock(int mutex) override;
  void read_lock(int domain) override;
  void read_unlock(int domain) override;
  void synchronize(int domain) override;
  GracePeriod snapshot(int domain) override;
  void await(const GracePeriod& cookie) override;
  bool has_passed(const GracePeriod& cookie) override;
  void start_worker() override {}  // it is seen at the next stop
  void await_worker() override;
  void text_changed() override;
  void patching(PatchMoment moment) override;
  Block* allocate(std::size_t size) override;
  void defer_free(Block* block, std::span<const GracePeriod> grace_periods) override;
  void call(int func, int data) override;
  void late() override;
  void hit_nested() override;
  CurrentHit hit() const override;
  void wrong_argument(int argument, int got) override;
  void warned(int warning) override;
  int hook(bool on) override;

  // Conditions
  bool over(int cpu, const Wait& wait) const override;
  bool worker_wanted() const override;

  Cpu& cpu(int number) { return cpus_[static_cast<std::size_t>(number)]; }
  CpuRun& current() { return cpu(running_).run; }
  const CpuRun& current() const { return cpus_[static_cast<std::size_t>(running_)].run; }

  Subject& subject_;
  Inspector* const inspector_;   // nullptr: the subject shows nothing
  SubjectWorker* const worker_;  // nullptr: it has none
  Carrier& carrier_;
  GracePeriods& grace_periods_;
  Scheduler& scheduler_;
  Heap heap_;
  Trace trace_;
  std::array<Cpu, kMaxCpus> cpus_;
  std::array<PointSet, kMaxCpus> stops_{};  // at which points of its operation the scheduler is asked
  const Sequence* sequence_ = nullptr;
  Observer* observer_ = nullptr;
  bool observer_looks_on_ = false;
  const Event* unseen_ = nullptr;                                // the first event that the observer has not seen
  std::array<std::optional<Event>, kMaxTracepoints> changed_{};  // the last completed change that nobody has looked at
  std::vector<Divergence> divergences_;
  Scheduler::Next next_{};
  bool decided_ = false;    // `next_` follows the CPU that runs
  bool driven_ = false;     // from outside
  bool has_syncs_ = false;  // where it is driven
  bool stops_at_accesses_ = false;
  int running_ = 0;
  int worker_runs_ = 0;
  std::array<std::optional<int>, kMutexes> holders_{};  // of each mutex: the CPU
  bool ended_ = false;
  volatile bool in_subject_ = false;
};

}  // namespace tpfuzz
