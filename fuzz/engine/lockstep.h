// The lockstep engine: every CPU is a fiber of one thread, grace periods are a model, and the schedule (schedule.h)
// decides at each stop who goes on. Fast and deterministic; the text is really patched, and the thread serialises
// before a fiber may run text that was written since.
//
// What carries the CPUs, and what a grace period is, another engine may replace: threads.h.
//
// Not thread-safe, and one at a time: it catches the faults of its subject with the process's signal handlers.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "core/annotate.h"
#include "fuzz/engine/fault.h"
#include "fuzz/engine/fiber.h"
#include "fuzz/engine/heap.h"
#include "fuzz/engine/model_rcu.h"
#include "fuzz/engine/parks.h"
#include "fuzz/engine/schedule.h"
#include "fuzz/engine/trace.h"
#include "fuzz/subject/host.h"
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

class Lockstep : protected Host, public FaultCatcher, private Conditions {
 public:
  /// `subject` is fresh: nothing is registered; so each run leaves it.
  explicit Lockstep(Subject& subject);
  ~Lockstep() override;

  /// Runs `sequence`, to its end or until `observer` ends it. The trace stays valid until the next
  /// run. `sequence` must be valid (validate.h).
  const Trace& run(const Sequence& sequence, Observer& observer);

  [[noreturn]] void fault(int signal) override;
  [[noreturn]] void endless() override;
  bool in_subject() const override { return in_subject_; }

  /// Whether reader `number` is in a section. While a run is observed.
  bool inside(int number) const { return rcu_.inside(number); }

  /// Of the last run; valid until the next.
  const std::vector<Divergence>& divergences() const { return divergences_; }

 protected:
  /// Runs the CPU until it stops.
  virtual void carry(int cpu) { fiber(cpu).resume(); }

  /// At each stop, before it is decided who goes on.
  virtual void settle() {}

  /// At the end of a run: the CPUs that were stopped in the middle of an operation forget it.
  virtual void abandon();

  // Host
  void read_lock() override;
  void read_unlock() override;
  void synchronize() override;
  GracePeriod snapshot() override;
  void await(const GracePeriod& cookie) override;
  void text_changed() override;
  void patching(PatchMoment moment) override;

  // Conditions
  bool over(int cpu, const Wait& wait) const override;

  /// Of the CPU that runs now, on it: goes on when `wait` is over. No event tells of it.
  void stop_until(const Wait& wait);

  /// Ends the park of `reader`, for which `cpu` waits. It is no divergence if the park has run out and the reader would
  /// go on before `cpu` anyway; which it would not if the model does not stop `cpu` (`model_stops`).
  void diverge(int cpu, int reader, bool model_stops);

  /// An event of the CPU that runs now, and telling of it.
  Event event(Event::Kind kind) const;
  void emit(Event event);

  int running() const { return running_; }
  bool abandoned(int cpu) const { return cpus_[static_cast<std::size_t>(cpu)].abandoned; }
  Fiber& fiber(int cpu) { return *state(cpu).fiber; }
  const ModelRcu& rcu() const { return rcu_; }

  // While one lives the engine's own code runs: a fault is a bug of the harness, not a finding.
  class Outside {
   public:
    explicit Outside(Lockstep& engine) : engine_(engine) {
      engine_.in_subject_ = false;
      tp::ignore_begin();
    }
    ~Outside() {
      tp::ignore_end();
      engine_.in_subject_ = true;
    }
    Outside(const Outside&) = delete;
    Outside& operator=(const Outside&) = delete;

   private:
    Lockstep& engine_;
  };

 private:
  struct CpuState {
    std::unique_ptr<Fiber> fiber;
    bool abandoned = false;
    int operation = 0;                // index in the sequence; of k0: the number of the run
    const Operation* line = nullptr;  // nullptr for a run of k0 without a line
    Parks parks;
    int steps = 0;  // of its operation; of k0: of all its runs
    int allocations = 0;
    bool dispatched = false;    // the innermost hit
    bool nested = false;        // a probe of its hit hits another tracepoint
    std::uint8_t works_on = 0;  // of a batch over several tracepoints, else 0
  };

  // Host
  void point(tp::Point point) override;
  void access(tp::Point point) override;
  void works_on(int tracepoint) override;
  void lock() override;
  void unlock() override;
  void start_worker() override {}  // it is seen at the next stop
  void await_worker() override;
  Block* allocate(std::size_t size) override;
  void defer_free(Block* block, const GracePeriod& grace_period) override;
  void call(int func, int data) override;
  void late() override;
  void hit_nested() override;
  CurrentHit hit() const override;
  void wrong_argument(int argument, int got) override;
  int hook(bool on) override;

  // Conditions
  bool worker_wanted() const override;

  static void fiber_main(void* cpu);
  void serve(CpuState& cpu);
  int perform(const Operation& operation);
  void begin(int cpu, int operation, const Operation* line);
  void resume(int cpu);
  void note_changed(const Operation& operation, const Event& completed);
  void look_at_rest();

  CpuState& state(int cpu) { return cpus_[static_cast<std::size_t>(cpu)]; }
  const CpuState& current() const { return cpus_[static_cast<std::size_t>(running_)]; }
  CpuState& current() { return cpus_[static_cast<std::size_t>(running_)]; }
  int reader() const { return running_ - kMaxWriters; }

  void park(tp::Point point, const Park& park);
  void step();
  [[noreturn]] void end_here(Event last);
  void begin_hit();
  void check(Patched patched);

  void suspend();
  void wait_until_over(const Wait& wait);

  Subject& subject_;
  Schedule schedule_;
  ModelRcu rcu_;
  Heap heap_;
  Trace trace_;
  std::array<CpuState, kMaxCpus> cpus_;
  const Sequence* sequence_ = nullptr;
  Observer* observer_ = nullptr;
  std::array<std::optional<Event>, kMaxTracepoints> changed_{};  // the last completed change that nobody has looked at
  std::vector<Divergence> divergences_;
  int running_ = 0;
  int steps_ = 0;  // of the CPU that runs
  int worker_runs_ = 0;
  bool mutex_held_ = false;
  int mutex_holder_ = 0;  // if it is held
  bool text_dirty_ = false;
  bool ended_ = false;
  volatile bool in_subject_ = false;
};

}  // namespace tpfuzz
