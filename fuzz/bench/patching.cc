// What real patching costs alone: the operations of a sequence, one after the other on one stack, on the same subject
// as in_process.cc, with nobody who watches, schedules or judges. No engine can be faster than this on the same
// sequence.
#include <benchmark/benchmark.h>

#include <array>
#include <cstddef>
#include <new>

#include "fuzz/bench/sequences.h"
#include "fuzz/engine/perform.h"
#include "fuzz/engine/serialize.h"
#include "fuzz/execute.h"
#include "fuzz/sequence/text.h"
#include "fuzz/subject/core_subject.h"
#include "fuzz/subject/point_log.h"

namespace tpfuzz {
namespace {

// A Host of one CPU: every wait is over at once, and memory is there until the end of the execution.
class NobodyElse final : public Host {
 public:
  void start() {
    used_ = 0;
    point_log.asks = 0;
    point_log.next = events_.data();
    point_log.steps = static_cast<int>(events_.size());
  }
  // What was patched must be visible to the fetch of the reader that comes next.
  void before_a_hit() {
    if (std::exchange(dirty_, false)) serialize_core();
  }

  void point(tp::Point /*point*/) override {}
  void access(tp::Point /*point*/) override {}
  void works_on(int /*tracepoint*/) override {}
  void lock(int /*mutex*/) override {}
  void unlock(int /*mutex*/) override {}
  void read_lock(int /*domain*/) override {}
  void read_unlock(int /*domain*/) override {}
  void synchronize(int /*domain*/) override {}
  GracePeriod snapshot(int /*domain*/) override { return {}; }
  void await(const GracePeriod& /*cookie*/) override {}
  bool has_passed(const GracePeriod& /*cookie*/) override { return true; }
  void start_worker() override {}
  void await_worker() override {}
  void text_changed() override { dirty_ = true; }
  void patching(PatchMoment /*moment*/) override { dirty_ = true; }
  Block* allocate(std::size_t size) override {
    std::byte* const room = memory_.data() + used_;
    used_ += (size + kAlignment - 1) / kAlignment * kAlignment;
    Block* const block = ::new (room) Block;
    block->size = size;
    return block;
  }
  void defer_free(Block* /*block*/, std::span<const GracePeriod> /*grace_periods*/) override {}
  void call(int /*func*/, int /*data*/) override {}
  void late() override {}
  CurrentHit hit() const override { return {}; }
  void hit_nested() override {}
  void wrong_argument(int /*argument*/, int /*got*/) override {}
  void warned(int /*warning*/) override {}
  int hook(bool /*on*/) override { return 0; }

 private:
  static constexpr std::size_t kAlignment = alignof(std::max_align_t);
  alignas(kAlignment) std::array<std::byte, 4096> memory_;
  std::array<Event, 1024> events_;
  std::size_t used_ = 0;
  bool dirty_ = false;
};

void patching_alone(benchmark::State& state, const char* text) {
  const auto parsed = parse_text(text);
  const Sequence& sequence = std::get<Sequence>(parsed);
  const auto subject = core_subject(tp::shipped_protocol(tp::kDefaultProtocol));
  NobodyElse nobody_else;
  const HostScope host(nobody_else);
  for ([[maybe_unused]] auto _ : state) {
    nobody_else.start();
    declare(*subject, sequence);
    for (const Operation& operation : sequence.operations) {
      if (operation.verb == Verb::hit) nobody_else.before_a_hit();
      benchmark::DoNotOptimize(perform(*subject, sequence, operation));
    }
    reset(*subject);
  }
  point_log = {};
  state.counters["executions"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

BENCHMARK_CAPTURE(patching_alone, 1->2, bench::kOneTwo)->Name("patching_alone/1->2");
BENCHMARK_CAPTURE(patching_alone, 1->0->1, bench::kOneZeroOne)->Name("patching_alone/1->0->1");
BENCHMARK_CAPTURE(patching_alone, 1->2->1, bench::kOneTwoOne)->Name("patching_alone/1->2->1");

}  // namespace
}  // namespace tpfuzz
