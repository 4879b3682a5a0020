// Grace periods that are liburcu's, for CPUs that are threads. The model keeps its books meanwhile: it says which wait
// is an event, so that a trace is lockstep's.
//
// How a CPU is known to wait in a real grace period, and for whom: liburcu flips the phase in its grace-period word
// once a grace period, and waits from then on for exactly the readers that were in a section at the flip. No CPU runs
// between a stop and the flip. So after the flip the books say whether the wait is over, and nothing is guessed from
// time.
//
// liburcu may wait longer than the model: a cookie needs a grace period that *begins* after it, and one grace period
// runs at a time; either may need a reader that came later. Then that reader is late.
//
// Whether a cookie (core/rcu.h) is right is judged apart from the model, which waits for its readers in any case: a
// clock counts the snapshots and the begins of grace periods. When a wait is over, one has ended that began after the
// cookie was taken. The phase does not say whether one has ended: grace periods of the background, which free memory,
// flip the phase, too.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <vector>

#include "fuzz/engine/grace_periods.h"
#include "fuzz/engine/real_domain.h"
#include "fuzz/engine/thread_carrier.h"

namespace tpfuzz {

class RealGracePeriods final : public GracePeriods {
 public:
  /// CPUs wait on their threads of `threads`. No other grace period of liburcu may run in the process meanwhile.
  explicit RealGracePeriods(CpuThreads& threads) : threads_(threads) {}

  void start() override;
  void enter(int reader, int domain) override;
  void leave(int reader, int domain) override;
  GracePeriod snapshot(int domain) override;
  GracePeriod begin_synchronize(int cpu, int domain) override;
  bool begin_await(int cpu, const GracePeriod& cookie) override;
  bool over(int cpu, const GracePeriod& cookie) const override;
  bool has_passed(const GracePeriod& cookie) const override;
  const std::vector<LateReader>& settle() override;
  void end() override;

 private:
  // What a CPU has liburcu do while the other CPUs go on.
  struct GraceWait {
    int cpu = 0;
    bool full = false;        // a whole grace period; else what `model.cookie` still lacks
    GracePeriod model{};      // whom the model waits for
    bool model_stops = true;  // it waits for somebody
    bool begun = false;       // it has flipped the phase, or come to an end without
    unsigned long clock = 0;  // when it began
    unsigned long ended = 0;  // how many grace periods its domain had waited for then
    GracePeriod needs{};      // whom liburcu waits for, since then
  };
  // The sections that a CPU is in, of each domain.
  using Sections = std::array<int, kDomains>;

  template <class Wait>
  void wait_at_once(int domain, Wait wait);
  void begin(GraceWait& wait);
  bool nobody_inside(int domain) const { return model_.over(model_.snapshot(domain)); }
  bool is_inside(int cpu, int domain) const { return sections_[index(cpu)][index(domain)] > 0; }
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }

  CpuThreads& threads_;
  std::array<Sections, kMaxCpus> sections_{};
  unsigned long clock_ = 0;
  std::array<unsigned long, kDomains> waited_{};  // when the latest of the grace periods that have ended began
  // Of each domain the first one's is under way, the others queue for theirs. CPUs add theirs: without an allocation.
  boost::container::static_vector<GraceWait, kMaxCpus> waits_;
};

}  // namespace tpfuzz
