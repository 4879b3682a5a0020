// The engine `threads`: the schedule of lockstep, point for point, but each CPU is an OS thread, grace periods are
// liburcu's and patches are followed by a membarrier. It confirms that a finding is no artefact of the model.
//
// How a CPU is known to wait in a real grace period, and for whom: liburcu flips the phase in its grace-period word
// once a grace period, and waits from then on for exactly the readers that were in a section at the flip. No CPU runs
// between a stop and the flip. So after the flip the books say whether the wait is over, and nothing is guessed from
// time.
//
// liburcu may wait longer than the model: a cookie needs a grace period that *begins* after it, and one grace period
// runs at a time; either may need a reader that came later. Then that reader's park ends, and that is a divergence;
// also if the park has run out, but the model would have let the waiting CPU go on before the reader.
//
// That a cookie (core/rcu.h) is right, is judged apart from the model, which waits for its readers in any case: a clock
// counts the snapshots and the begins of grace periods of core/rcu.h. When a wait is over, one has ended that began
// after the cookie was taken; if not, the event `unwaited` tells. The phase does not say whether one has ended: grace
// periods of the background, which free memory, flip the phase, too.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "fuzz/engine/cpu_thread.h"
#include "fuzz/engine/lockstep.h"

namespace tpfuzz {

class Threads final : public Lockstep {
 public:
  /// `subject` as Lockstep takes it. No other grace period of liburcu's memb flavour may run in the process meanwhile.
  explicit Threads(Subject& subject);

 private:
  struct ThreadState {
    CpuThread thread;
    int sections = 0;  // that it is in
  };
  // What a CPU has liburcu do while the other CPUs go on.
  struct GraceWait {
    int cpu = 0;
    bool full = false;        // a whole grace period; else what `model.cookie` still lacks
    GracePeriod model{};      // whom the model waits for
    bool model_stops = true;  // it waits for somebody
    bool begun = false;       // it has flipped the phase, or come to an end without
    unsigned long clock = 0;  // when it began
    unsigned long ended = 0;  // how many grace periods core/rcu.h had waited for then
    GracePeriod needs{};      // whom liburcu waits for, since then
  };

  void carry(int cpu) override;
  void settle() override;
  void abandon() override;
  bool over(int cpu, const Wait& wait) const override;

  void read_lock() override;
  void read_unlock() override;
  void synchronize() override;
  GracePeriod snapshot() override;
  void await(const GracePeriod& cookie) override;
  void text_changed() override;

  template <class Wait>
  void wait_at_once(Wait wait);
  void judge_wait(unsigned long taken);
  bool nobody_inside() const { return rcu().over(rcu().begin()); }
  void begin(GraceWait& wait);
  void want(const GraceWait& wait);
  ThreadState& state(int cpu) { return *threads_[static_cast<std::size_t>(cpu)]; }

  std::array<std::unique_ptr<ThreadState>, kMaxCpus> threads_;
  unsigned long clock_ = 0;
  unsigned long waited_ = 0;      // when the latest of liburcu's grace periods that have ended began
  std::vector<GraceWait> waits_;  // the first one's grace period is under way, the others queue for theirs
};

}  // namespace tpfuzz
