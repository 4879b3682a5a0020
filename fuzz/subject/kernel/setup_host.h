// A Host of nobody's execution: one CPU, no readers, every wait over at once. A tree's initcalls run under it, and so
// does what a tree is asked (ask.h), which is why it notes the steps that it is told of.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "fuzz/subject/host.h"

namespace tpfuzz::kernel {

class SetupHost final : public Host {
 public:
  /// A step, as a point, with the domains that it was about, a bit each; of `await` the number of the first snapshot
  /// that it waited for.
  struct Step {
    tp::Point point;
    unsigned domains = 0;
    unsigned snapshot = 0;
  };

  /// The steps since the last call.
  std::vector<Step> take_steps() { return std::exchange(steps_, {}); }

  /// How many snapshots were taken.
  unsigned snapshots() const { return snapshots_; }

  /// The next allocation fails.
  void fail_next() { fails_ = true; }

  /// Whether something was warned of since the last call.
  bool take_warned() { return std::exchange(warned_, false); }

  void point(tp::Point point) override;
  void access(tp::Point /*point*/) override {}
  void works_on(int /*tracepoint*/) override {}
  void lock(int /*mutex*/) override {}
  void unlock(int /*mutex*/) override {}
  void read_lock(int /*domain*/) override {}
  void read_unlock(int /*domain*/) override {}
  void synchronize(int domain) override { domains_ |= 1U << domain; }
  GracePeriod snapshot(int domain) override;
  void await(const GracePeriod& cookie) override;
  bool has_passed(const GracePeriod& /*cookie*/) override { return true; }
  void start_worker() override {}
  void await_worker() override {}
  void text_changed() override {}
  void patching(PatchMoment /*moment*/) override {}
  Block* allocate(std::size_t size) override;
  void defer_free(Block* block, std::span<const GracePeriod> grace_periods) override;
  void call(int /*func*/, int /*data*/) override {}
  void late() override {}
  CurrentHit hit() const override { return {}; }
  void hit_nested() override {}
  void wrong_argument(int /*argument*/, int /*got*/) override {}
  void warned(int /*warning*/) override { warned_ = true; }
  int hook(bool /*on*/) override { return 0; }

 private:
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::vector<Step> steps_;
  unsigned domains_ = 0;  // of the step that is under way
  unsigned awaited_ = 0;  // likewise
  unsigned snapshots_ = 0;
  bool fails_ = false;
  bool warned_ = false;
};

}  // namespace tpfuzz::kernel
