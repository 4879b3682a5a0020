// The engine `stress`: the CPUs of a sequence run free, each an OS thread that does its lines in their order; a park is
// a real delay. Grace periods are liburcu's, patches are followed by a membarrier, memory goes with call_rcu. For the
// sanitizers, and for the memory model of the machine itself. What is found depends on the machine's timing: an
// execution that finds nothing says little.
//
//   readers   repeat their hits until the writers are done
//   delays    a pace is drawn for each run: from none over spins of several lengths to sleeps; a park takes its events
//             times that, and a random part of it stands in front of each operation
//   stamps    counters of registrations that took the mutex and of those that returned, read around each hit: which
//             versions it may have seen. They are no synchronisation to ThreadSanitizer.
//
// One at a time: it catches the faults of its subject with the process's signal handlers.
#pragma once

#include <memory>
#include <mutex>

#include "fuzz/engine/cpu_run.h"
#include "fuzz/engine/cpu_thread.h"
#include "fuzz/engine/fault.h"
#include "fuzz/engine/fiber.h"
#include "fuzz/engine/free_heap.h"
#include "fuzz/engine/free_run.h"
#include "fuzz/engine/parks.h"
#include "fuzz/sequence/random.h"
#include "fuzz/subject/host.h"

namespace tpfuzz {

class Stress final : public FaultCatcher, private Host {
 public:
  /// `subject` is fresh: nothing is registered; so each run leaves it.
  explicit Stress(Subject& subject);
  ~Stress() override;

  /// Runs `sequence`, which must be valid (validate.h), once, with delays drawn from `random`. The result stays valid
  /// until the next run.
  const FreeRun& run(const Sequence& sequence, Random& random);

  [[noreturn]] void fault(int signal) override;
  [[noreturn]] void endless() override { fault(FreeRun::kStuck); }
  bool in_subject() const override;

 private:
  /// How long a delay of one event is.
  struct Pace {
    int spins = 0;
    int yields = 0;
    long nanoseconds = 0;  // of sleep
  };

  struct alignas(64) CpuState {
    CpuState(Stress& its_engine, int its_number);

    Stress& engine;
    int number;
    CpuThread thread;
    Fiber fiber;
    Random random{0};
    int patience = 0;  // events that it may still be delayed for
    CpuRun run;
    Parks parks;
    Registration registration;
    bool registers = false;                    // it is in a register or an unregister
    std::optional<std::size_t> registered_as;  // its index in FreeRun::registrations, from taking the mutex on
    Pass pass;
    std::array<unsigned, 2> held{};        // of the tracepoint of its hit, and of its nested one, at the begin
    std::optional<tp::Point> point;        // the last that it passed
    std::array<int, kDomains> sections{};  // that it is in, of each domain
    std::array<bool, kMutexes> holds{};    // which mutexes
    volatile bool in_subject = false;
    bool abandoned = false;
  };
  struct alignas(64) Counters {
    unsigned begun = 0;
    unsigned ended = 0;
    unsigned enabled = 0;
    unsigned held = 0;      // `key inc`s that have returned
    unsigned released = 0;  // `key dec`s that have begun, but those that did nothing
  };

  // Host
  void point(tp::Point point) override;
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
  void start_worker() override;
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

  static void on_thread(void* cpu);
  static void on_fiber(void* cpu);
  void act_as_writer(CpuState& cpu);
  void act_as_reader(CpuState& cpu);
  void act_as_worker(CpuState& cpu);
  int perform(CpuState& cpu, int operation);
  void register_on(CpuState& cpu, int operation);
  void change_key_on(CpuState& cpu, int operation);
  void has_no_place();
  void hit_on(CpuState& cpu, int operation);
  void begin_pass(CpuState& cpu, int operation, int tracepoint);
  void end_pass(CpuState& cpu);
  static void begin(CpuState& cpu, int operation, const Operation* line);
  bool worker_outstanding() const;
  static void step();
  void delay(CpuState& cpu, int events) const;
  void wait_for_grace_period(int domain);
  void leave(CpuState& cpu);
  void start_run(const Sequence& sequence, Random& random);
  void end_run();
  CpuState& cpu(int number) { return *cpus_[static_cast<std::size_t>(number)]; }
  void count(const Operation& operation, unsigned Counters::* counter);

  static constinit thread_local CpuState* self_;  // which one this thread is

  Subject& subject_;
  SubjectWorker* const worker_;  // nullptr: it has none
  std::array<std::unique_ptr<CpuState>, kMaxCpus> cpus_;
  FreeRun run_;
  const Sequence* sequence_ = nullptr;
  Pace pace_;
  std::array<std::mutex, kMutexes> mutexes_;
  std::array<Counters, kMaxTracepoints> counters_{};
  int runs_ = 0;
  FreeHeap heap_;
  int starting_ = 0;          // CPUs that have not started
  int writers_left_ = 0;      // that are not done
  bool worker_runs_ = false;  // k0 has been started
  bool worker_stops_ = false;
  bool worker_left_ = false;        // it can't go on
  std::uint32_t worker_calls_ = 0;  // a futex
};

}  // namespace tpfuzz
